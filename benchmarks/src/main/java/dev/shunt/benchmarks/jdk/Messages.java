package dev.shunt.benchmarks.jdk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Messages over a stream: a length of four bytes, then the bytes. One thread at a time. */
final class Messages {

    private static final int BUFFER_BYTES = 64 << 10;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

    Messages(SocketChannel channel) {
        this.channel = channel;
    }

    void write(byte[] message) throws IOException {
        out.clear().putInt(message.length);
        int written = 0;
        do {
            int size = Math.min(out.remaining(), message.length - written);
            out.put(message, written, size).flip();
            written += size;
            while (out.hasRemaining()) {
                channel.write(out);
            }
            out.clear();
        } while (written < message.length);
    }

    byte[] read() throws IOException {
        while (in.remaining() < Integer.BYTES) {
            fill();
        }
        byte[] message = new byte[in.getInt()];
        int read = 0;
        while (read < message.length) {
            if (!in.hasRemaining()) {
                fill();
            }
            int size = Math.min(in.remaining(), message.length - read);
            in.get(message, read, size);
            read += size;
        }
        return message;
    }

    private void fill() throws IOException {
        in.compact();
        int count = channel.read(in);
        in.flip();
        if (count < 0) {
            throw new EOFException("the other end has closed");
        }
    }
}
