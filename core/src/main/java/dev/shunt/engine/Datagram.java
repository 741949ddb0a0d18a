package dev.shunt.engine;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** What has come in one datagram, and from where. Both travel as one payload to a child. */
public record Datagram(InetSocketAddress from, Data data) {

    private static final int PORT_BYTES = Short.BYTES;

    public Data encoded() {
        byte[] address = from.getAddress().getAddress();
        byte[] bytes = data.bytes();
        return Data.of(ByteBuffer.allocate(1 + address.length + PORT_BYTES + bytes.length)
                .put((byte) address.length)
                .put(address)
                .putShort((short) from.getPort())
                .put(bytes)
                .array());
    }

    /** What {@link #encoded} has written. */
    public static Datagram decoded(Data encoded) {
        var in = ByteBuffer.wrap(encoded.bytes());
        var address = new byte[in.get()];
        in.get(address);
        int port = Short.toUnsignedInt(in.getShort());
        var bytes = new byte[in.remaining()];
        in.get(bytes);
        try {
            return new Datagram(
                    new InetSocketAddress(InetAddress.getByAddress(address), port),
                    Data.received(Data.Kind.BYTES, bytes, Codec.json()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a datagram from an address of " + address.length + " bytes", e);
        }
    }
}
