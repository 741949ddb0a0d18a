package dev.shunt.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as it travels from the process that has its socket to the one that handles it.
 *
 * <pre>
 *   id 8 | flags 1 | method, uri (UTF-8), address of the client: length 4 and bytes | fields 2, each name and value | body
 * </pre>
 */
public final class RequestBytes {

    private static final int HTTP_1_1 = 1;
    private static final int UPGRADE = 2;
    private static final int IN_FILE = 4;
    private static final int STREAMED = 8;
    private static final int FLAGS_AT = Long.BYTES;

    private RequestBytes() {}

    /** What of a request a socket knows. */
    public record Head(
            String method, String uri, boolean http11, boolean upgrade, String client, List<HttpField> fields) {}

    /**
     * Without its id, for which there is room in front.
     *
     * @param inFile whether the body is the name of a file that has it
     */
    public static byte[] encode(Head head, byte[] body, boolean inFile) {
        return encode(head, body, inFile ? IN_FILE : 0);
    }

    /**
     * Of a request whose body is still coming; without its id.
     *
     * @param length of the body; -1 if the client does not say
     * @param maxInMemory how much of it may be asked for at once
     */
    public static byte[] encodeStreamed(Head head, long length, int maxInMemory) {
        return encode(head, new RequestBody.Streamed(length, maxInMemory).encoded(), STREAMED);
    }

    private static byte[] encode(Head head, byte[] body, int form) {
        byte[] uri = head.uri().getBytes(UTF_8);
        int length = Long.BYTES + 1 + Short.BYTES + body.length;
        length += bytes(head.method()) + Integer.BYTES + uri.length + bytes(head.client());
        for (var field : head.fields()) {
            length += bytes(field.name()) + bytes(field.value());
        }
        var out = ByteBuffer.allocate(length).putLong(0);
        out.put((byte) ((head.http11() ? HTTP_1_1 : 0) | (head.upgrade() ? UPGRADE : 0) | form));
        write(out, head.method());
        out.putInt(uri.length).put(uri);
        write(out, head.client());
        out.putShort((short) head.fields().size());
        for (var field : head.fields()) {
            write(out, field.name());
            write(out, field.value());
        }
        return out.put(body).array();
    }

    private static int bytes(String text) {
        return Integer.BYTES + text.length();
    }

    /** The same request, which has got its id. */
    public static byte[] withId(byte[] encoded, long id) {
        ByteBuffer.wrap(encoded).putLong(id);
        return encoded;
    }

    /** Whether its body is still coming, so that its handler may wait for it. */
    public static boolean isStreamed(byte[] encoded) {
        return !ControlFrame.isOne(encoded) && (encoded[FLAGS_AT] & STREAMED) != 0;
    }

    static Request decode(byte[] encoded) {
        var in = ByteBuffer.wrap(encoded);
        long id = in.getLong();
        int flags = in.get();
        String method = text(in, ISO_8859_1);
        String uri = text(in, UTF_8);
        String client = text(in, ISO_8859_1);
        int count = Short.toUnsignedInt(in.getShort());
        var fields = new ArrayList<HttpField>(count);
        for (int i = 0; i < count; i++) {
            fields.add(new HttpField(text(in, ISO_8859_1), text(in, ISO_8859_1)));
        }
        var body = new byte[in.remaining()];
        in.get(body);
        var head = new Head(method, uri, (flags & HTTP_1_1) != 0, (flags & UPGRADE) != 0, client, fields);
        return new Request(id, head, body(flags, body));
    }

    private static RequestBody body(int flags, byte[] bytes) {
        if ((flags & STREAMED) != 0) {
            return RequestBody.Streamed.of(bytes);
        }
        return (flags & IN_FILE) != 0 ? RequestBody.InFile.named(bytes) : new RequestBody.Whole(bytes);
    }

    private static void write(ByteBuffer out, String text) {
        out.putInt(text.length()).put(text.getBytes(ISO_8859_1));
    }

    private static String text(ByteBuffer in, Charset charset) {
        int length = in.getInt();
        var text = new String(in.array(), in.arrayOffset() + in.position(), length, charset);
        in.position(in.position() + length);
        return text;
    }
}
