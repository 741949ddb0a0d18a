package dev.shunt.http;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import java.nio.ByteBuffer;

/**
 * A response or a part of one, on its way to the socket, which frames it: the length, the chunks and whether the connection
 * goes on are added there.
 *
 * @param writer tells those apart who answer the same request
 * @param status 100 to 599, of the first part
 * @param flags of {@link #FIRST} and its like
 * @param head lines, each with its end; of the first part
 */
public record HttpPart(long requestId, int writer, int status, int flags, byte[] head, byte[] body) {

    /** It begins the response. */
    public static final int FIRST = 1;

    /** It ends the response. */
    public static final int LAST = 2;

    /** The connection is closed behind it. */
    public static final int CLOSE = 4;

    /** Its writer has the right to answer. */
    public static final int CLAIMED = 8;

    /** The head says how long the whole is. */
    public static final int LENGTH = 16;

    /** The head of a last part has trailers instead. */
    public static final int TRAILERS = 32;

    /** The body is a {@link FileBody}. */
    public static final int FILE = 64;

    /** The head of a first part begins with the line of its reason, which is the program's. */
    public static final int REASON = 128;

    private static final byte[] NOTHING = {};
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int STATUS_AT = Long.BYTES + Integer.BYTES;
    private static final int FLAGS_AT = STATUS_AT + Short.BYTES;
    private static final int HEADER_BYTES = FLAGS_AT + 1 + Integer.BYTES;

    /** Where the body of a piece begins. */
    public static final int BODY_AT = HEADER_BYTES;

    public boolean is(int flag) {
        return (flags & flag) != 0;
    }

    public HttpPart with(int flag) {
        return new HttpPart(requestId, writer, status, flags | flag, head, body);
    }

    /** How much of the head is the line of the reason, with its end. */
    public int reasonBytes() {
        int bytes = 0;
        if (is(REASON)) {
            do {
                bytes++;
            } while (head[bytes - 1] != '\n');
        }
        return bytes;
    }

    /** As it travels: of the kind that no message of a WebSocket is. */
    public Data packet() {
        var bytes = ByteBuffer.allocate(HEADER_BYTES + head.length + body.length)
                .putLong(requestId)
                .putInt(writer)
                .putShort((short) status)
                .put((byte) flags)
                .putInt(head.length)
                .put(head)
                .put(body)
                .array();
        return Data.received(Data.Kind.OBJECT, bytes, Codec.json());
    }

    /** Whether what {@link #packet} has made is nothing but a piece of a body, {@link #BODY_AT} and to its end. */
    public static boolean isPiece(byte[] packet) {
        return packet[FLAGS_AT] == 0 && ByteBuffer.wrap(packet).getInt(FLAGS_AT + 1) == 0;
    }

    /** Whether what {@link #packet} has made is that writer's answer to that request. */
    public static boolean isOf(byte[] packet, long requestId, int writer) {
        var in = ByteBuffer.wrap(packet);
        return in.getLong() == requestId && in.getInt() == writer;
    }

    /** Whether what {@link #packet} has made ends a response. */
    public static boolean isLast(byte[] packet) {
        return (packet[FLAGS_AT] & LAST) != 0;
    }

    /** Whether what {@link #packet} has made says that the connection is a WebSocket from then on. */
    public static boolean isUpgrade(byte[] packet) {
        int status = (packet[STATUS_AT] << 8) | (packet[STATUS_AT + 1] & 0xff);
        return (packet[FLAGS_AT] & FIRST) != 0 && status == SWITCHING_PROTOCOLS;
    }

    /** What {@link #packet} has made. */
    public static HttpPart of(byte[] packet) {
        var in = ByteBuffer.wrap(packet);
        long id = in.getLong();
        int writer = in.getInt();
        int status = in.getShort();
        int flags = Byte.toUnsignedInt(in.get());
        int length = in.getInt();
        var head = length == 0 ? NOTHING : new byte[length];
        in.get(head);
        var body = in.hasRemaining() ? new byte[in.remaining()] : NOTHING;
        in.get(body);
        return new HttpPart(id, writer, status, flags, head, body);
    }
}
