package dev.shunt.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/** The part of a file that is the body of a response; whoever has the socket reads it. */
public record FileBody(String path, long offset, long length) {

    byte[] encoded() {
        byte[] name = path.getBytes(UTF_8);
        return ByteBuffer.allocate(2 * Long.BYTES + name.length)
                .putLong(offset)
                .putLong(length)
                .put(name)
                .array();
    }

    /** The body of a part that is {@link HttpPart#FILE}. */
    public static FileBody of(HttpPart part) {
        var in = ByteBuffer.wrap(part.body());
        long offset = in.getLong();
        long length = in.getLong();
        return new FileBody(new String(part.body(), in.position(), in.remaining(), UTF_8), offset, length);
    }
}
