package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.http.FileBody;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Gives a file to an {@link Outbox} piece by piece, as long as there is room. The loop's thread only. */
final class FilePump implements AutoCloseable {

    private static final int PIECE_BYTES = 64 << 10;

    private final FileChannel file;
    private final FileBody body;
    private int at;
    private boolean begun;
    private long sent;

    FilePump(FileBody body) throws IOException {
        this.body = body;
        file = FileChannel.open(Path.of(body.path()), StandardOpenOption.READ);
        if (body.end() > file.size()) {
            file.close();
            throw new EOFException(body.path() + " has become shorter");
        }
    }

    long length() {
        return body.length();
    }

    /** Whether all of it has been given. */
    boolean pump(Outbox out) throws IOException {
        while (at < body.pieces().size() && !out.isCongested()) {
            step(body.pieces().get(at), out);
        }
        return at == body.pieces().size();
    }

    private void step(FileBody.Piece piece, Outbox out) throws IOException {
        if (!begun) {
            begun = true;
            say(piece.before(), out);
        } else if (sent < piece.length()) {
            read(piece, out);
        } else {
            at++;
            begun = false;
            sent = 0;
        }
    }

    private static void say(String text, Outbox out) {
        if (!text.isEmpty()) {
            byte[] bytes = text.getBytes(UTF_8);
            out.ownRoom(bytes.length).writeBytes(bytes);
            out.appended();
        }
    }

    private void read(FileBody.Piece piece, Outbox out) throws IOException {
        int bytes = (int) Math.min(PIECE_BYTES, piece.length() - sent);
        int read = out.ownRoom(bytes).writeBytes(file, piece.offset() + sent, bytes);
        if (read <= 0) {
            throw new EOFException("the file has become shorter while it was sent");
        }
        sent += read;
        out.appended();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
