package dev.shunt.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/** The body of a response as a stream: each write leaves as a piece, and waits while too much waits for the client. */
final class ResponseStream extends OutputStream {

    private final Response response;
    private boolean closed;

    ResponseStream(Response response) {
        this.response = response;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length > 0 && !response.write(Arrays.copyOfRange(bytes, offset, offset + length))) {
            throw new ClientGoneException("the client takes nothing more");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            response.end();
        }
    }
}
