package dev.shunt.netty;

import dev.shunt.data.Data;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One packet for many sockets. What it looks like on the wire is made once for each way of speaking, by the first socket
 * that needs it, on whatever loop: the others copy that. Safe for use by any thread.
 */
public final class SharedPacket implements Packet {

    private final Data data;
    private final byte[] bytes;
    private byte @Nullable [] frame;
    private byte @Nullable [] deflatedFrame;

    public SharedPacket(Data packet) {
        data = packet.encoded();
        bytes = data.bytes();
    }

    /** The packet as one socket would be given it. */
    public Data data() {
        return data;
    }

    Data.Kind kind() {
        return data.kind();
    }

    byte[] bytes() {
        return bytes;
    }

    /** Of a WebSocket, on the side of the server. */
    synchronized byte[] frame(Supplier<byte[]> made) {
        var known = frame;
        if (known == null) {
            known = made.get();
            frame = known;
        }
        return known;
    }

    /** As {@link #frame}, with permessage-deflate, which is spoken in one form only. */
    synchronized byte[] deflatedFrame(Supplier<byte[]> made) {
        var known = deflatedFrame;
        if (known == null) {
            known = made.get();
            deflatedFrame = known;
        }
        return known;
    }

    @Override
    public int length() {
        return bytes.length;
    }

    @Override
    public void appendTo(Outbox.Format format, Outbox out) {
        out.append(format, this);
    }
}
