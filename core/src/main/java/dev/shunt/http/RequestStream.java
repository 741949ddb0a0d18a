package dev.shunt.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read while it comes. So much is asked for ahead as {@link #WINDOW_BYTES} says; the client sends no more than
 * is read and that. One thread reads; any gives.
 */
final class RequestStream extends InputStream implements Bodies.Sink {

    /** On their way to whoever reads, or here. */
    static final int WINDOW_BYTES = 256 << 10;

    private final long requestId;
    private final Bodies bodies;
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private int position;
    private int asked;
    private boolean whole;
    private @Nullable String failure;

    RequestStream(long requestId, Bodies bodies) {
        this.requestId = requestId;
        this.bodies = bodies;
    }

    @Override
    public synchronized void arrived(byte[] piece) {
        pieces.add(piece);
        notifyAll();
    }

    @Override
    public synchronized void ended() {
        whole = true;
        notifyAll();
    }

    @Override
    public synchronized void failed(String why) {
        failure = why;
        notifyAll();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        ask();
        return take(into, offset, length);
    }

    @Override
    public synchronized int available() {
        return pieces.stream().mapToInt(piece -> piece.length).sum() - position;
    }

    /** Without the lock: what is asked for may be here already, and comes at once. */
    private void ask() {
        int more;
        synchronized (this) {
            if (whole || failure != null || asked > WINDOW_BYTES / 2) {
                return;
            }
            more = WINDOW_BYTES - asked;
            asked += more;
        }
        bodies.ask(requestId, more, this);
    }

    /** Piece by piece as they have come. */
    @Override
    public long transferTo(OutputStream out) throws IOException {
        long all = 0;
        for (Piece piece = next(); piece != null; piece = next()) {
            int length = piece.bytes().length - piece.from();
            out.write(piece.bytes(), piece.from(), length);
            all += length;
        }
        return all;
    }

    private record Piece(byte[] bytes, int from) {}

    /** Null at the end. */
    private @Nullable Piece next() throws IOException {
        ask();
        synchronized (this) {
            if (!isThere()) {
                return null;
            }
            var piece = new Piece(pieces.removeFirst(), position);
            position = 0;
            asked -= piece.bytes().length - piece.from();
            return piece;
        }
    }

    private synchronized int take(byte[] into, int offset, int length) throws IOException {
        if (!isThere()) {
            return -1;
        }
        byte[] first = pieces.getFirst();
        int taken = Math.min(length, first.length - position);
        System.arraycopy(first, position, into, offset, taken);
        position += taken;
        if (position == first.length) {
            pieces.removeFirst();
            position = 0;
        }
        asked -= taken;
        return taken;
    }

    /** Waits for a piece; false at the end. With the lock held. */
    private boolean isThere() throws IOException {
        while (pieces.isEmpty()) {
            if (failure != null) {
                throw new ClientGoneException(failure);
            }
            if (whole) {
                return false;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted while a body was waited for").initCause(e);
            }
        }
        return true;
    }
}
