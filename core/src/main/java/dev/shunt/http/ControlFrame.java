package dev.shunt.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.check.Check;
import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import java.nio.ByteBuffer;

/**
 * A ping or a pong of a WebSocket: {@code connection.send(ControlFrame.ping("..."))}. Pings of a peer are answered by
 * themselves; {@code onPing} and {@code onPong} hear of both. Only who handles the connection may send one.
 *
 * @param data at most 125 bytes
 */
public record ControlFrame(Type type, Data data) {

    /** What of the control frames of RFC 6455 is no close. */
    public enum Type {
        PING(0x9),
        PONG(0xA);

        private final byte opcode;

        Type(int opcode) {
            this.opcode = (byte) opcode;
        }
    }

    private static final int MAX_BYTES = 125;

    /** Where a request or an answer has its number, which is never 0. */
    private static final long NO_REQUEST = 0;

    private static final int HEADER_BYTES = Long.BYTES + 1;

    public ControlFrame {
        int bytes = Check.given("the data of a " + type, data).bytes().length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a " + type + " of " + bytes + " bytes; a control frame has room for " + MAX_BYTES);
        }
    }

    public static ControlFrame ping(Object data) {
        return new ControlFrame(Type.PING, Data.of(data));
    }

    /** One that nobody has asked for; pings are answered by themselves. */
    public static ControlFrame pong(Object data) {
        return new ControlFrame(Type.PONG, Data.of(data));
    }

    /** As it travels to and from the socket. */
    @SuppressWarnings("EnumOrdinal") // manager and child are the same build
    public Data packet() {
        byte[] content = data.bytes();
        var bytes = ByteBuffer.allocate(HEADER_BYTES + content.length)
                .putLong(NO_REQUEST)
                .put(type.opcode)
                .put(content)
                .array();
        return Data.received(Data.Kind.OBJECT, bytes, Codec.json());
    }

    /** Whether {@link #packet} has made it. */
    public static boolean isOne(byte[] packet) {
        return packet.length >= HEADER_BYTES && ByteBuffer.wrap(packet).getLong() == NO_REQUEST;
    }

    /** What {@link #packet} has made; its data is text if it can be. */
    public static ControlFrame of(byte[] packet) {
        var in = ByteBuffer.wrap(packet).position(Long.BYTES);
        var type = in.get() == Type.PING.opcode ? Type.PING : Type.PONG;
        var content = new byte[in.remaining()];
        in.get(content);
        return new ControlFrame(type, Data.of(content));
    }

    @Override
    public String toString() {
        return type + " " + new String(data.bytes(), UTF_8);
    }
}
