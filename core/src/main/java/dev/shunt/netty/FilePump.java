package dev.shunt.netty;

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
    private final long length;
    private long offset;
    private long left;

    FilePump(FileBody body) throws IOException {
        file = FileChannel.open(Path.of(body.path()), StandardOpenOption.READ);
        length = body.length();
        offset = body.offset();
        left = length;
        if (offset + length > file.size()) {
            file.close();
            throw new EOFException(body.path() + " has become shorter");
        }
    }

    long length() {
        return length;
    }

    /** Whether all of it has been given. */
    boolean pump(Outbox out) throws IOException {
        while (left > 0 && !out.isCongested()) {
            int bytes = (int) Math.min(PIECE_BYTES, left);
            var room = out.ownRoom(bytes);
            int read = room.writeBytes(file, offset, bytes);
            if (read <= 0) {
                throw new EOFException("the file has become shorter while it was sent");
            }
            offset += read;
            left -= read;
            out.appended();
        }
        return left == 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
