package dev.shunt.ipc;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/** Bytes that have come and are not yet a whole frame, and the frames they become. For one thread at a time. */
final class FrameInput {

    private static final int READ_BYTES = 128 << 10;

    private final ReadableByteChannel channel;
    private ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private boolean drained;

    FrameInput(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /** Takes what is there; how many bytes, −1 at the end. After more than none come {@link #next}, until there is none. */
    int read() throws IOException {
        int room = in.remaining();
        int count = channel.read(in);
        drained = count < room;
        if (count > 0) {
            in.flip();
        }
        return count;
    }

    /** Whether the last read has taken all there was. */
    boolean isDrained() {
        return drained;
    }

    /** @throws BrokenStream if what has come cannot be the beginning of a frame */
    <F extends Frame> @Nullable F next(FrameDecoder<F> decoder) {
        var frame = decode(decoder);
        if (frame == null) {
            makeRoom();
        }
        return frame;
    }

    private <F extends Frame> @Nullable F decode(FrameDecoder<F> decoder) {
        try {
            return decoder.decode(in);
        } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new BrokenStream(e);
        }
    }

    private void makeRoom() {
        if (in.position() > 0) {
            in.compact();
        } else {
            in.position(in.limit()).limit(in.capacity());
        }
        if (!in.hasRemaining()) {
            in = ByteBuffer.allocateDirect(Math.multiplyExact(in.capacity(), 2)).put(in.flip());
        } else if (in.position() == 0 && in.capacity() > READ_BYTES) {
            in = ByteBuffer.allocateDirect(READ_BYTES);
        }
    }

    static final class BrokenStream extends RuntimeException {
        private static final long serialVersionUID = 1;

        BrokenStream(RuntimeException cause) {
            super(cause.toString(), cause);
        }
    }
}
