package dev.shunt.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * The direct memory of one link, taken from the JDK's when it opens and kept: one buffer to read into, one to write from.
 * What clients use up of Netty's is none of it, so that no client can end a link. The loop's thread only.
 */
final class LinkMemory extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int READ_BYTES = 64 << 10;
    private static final int WRITE_BYTES = 128 << 10;

    private final ByteBuf reading = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(READ_BYTES));
    private final ByteBuf writing = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(WRITE_BYTES));

    /** Whether what was written last has left. */
    boolean mayWrite() {
        return isFree(writing);
    }

    /** As many of these bytes as there is room for, to be written and released. */
    ByteBuf toWrite(byte[] bytes, int from, int to) {
        return writing.clear()
                .writeBytes(bytes, from, Math.min(to - from, WRITE_BYTES))
                .retainedDuplicate();
    }

    private static boolean isFree(ByteBuf buffer) {
        return buffer.refCnt() == 1;
    }

    @Override
    @SuppressWarnings("deprecation") // the one interface that there is for it
    public Handle newHandle() {
        return new MaxMessageHandle() {

            @Override
            public int guess() {
                return READ_BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator other) {
                return isFree(reading) ? reading.clear().retain() : other.ioBuffer(READ_BYTES);
            }
        };
    }
}
