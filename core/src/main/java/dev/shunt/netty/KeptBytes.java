package dev.shunt.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What stays of received bytes after a read is on the heap: direct memory is for what is on its way, so that no peer can
 * use it up with messages that it does not end. The memory grows with what has come, never with what was promised.
 */
final class KeptBytes {

    private KeptBytes() {}

    /** What was kept, with what has come since; the latter is used up. */
    static ByteBuf with(@Nullable ByteBuf kept, ByteBuf come) {
        if (kept == null) {
            return come;
        }
        try {
            kept.discardSomeReadBytes();
            return kept.writeBytes(come);
        } finally {
            come.release();
        }
    }

    /** The same bytes to be kept. */
    static ByteBuf of(ByteBuf bytes) {
        if (!bytes.isDirect()) {
            return bytes;
        }
        try {
            int length = bytes.readableBytes();
            return UnpooledByteBufAllocator.DEFAULT.heapBuffer(length).writeBytes(bytes);
        } finally {
            bytes.release();
        }
    }
}
