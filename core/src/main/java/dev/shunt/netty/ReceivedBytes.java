package dev.shunt.netty;

import dev.shunt.net.Buffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A {@link Buffer} on what a socket holds. One serves a socket all its life. */
final class ReceivedBytes implements Buffer {

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    /** By value: the index before which it does not stand. Made when a value was first asked for in vain. */
    private int @Nullable [] absentBefore;

    Buffer of(ByteBuf received) {
        bytes = received;
        return this;
    }

    /** A packet was taken from the front. */
    void forget() {
        if (absentBefore != null) {
            Arrays.fill(absentBefore, 0);
        }
    }

    @Override
    public int length() {
        return bytes.readableBytes();
    }

    @Override
    public byte get(int index) {
        return bytes.getByte(bytes.readerIndex() + Objects.checkIndex(index, length()));
    }

    @Override
    public int getInt(int index) {
        return bytes.getInt(bytes.readerIndex() + Objects.checkFromIndexSize(index, Integer.BYTES, length()));
    }

    @Override
    public int indexOf(byte value) {
        int from = absentBefore == null ? 0 : absentBefore[value & 0xff];
        int start = bytes.readerIndex();
        int found = bytes.indexOf(start + from, bytes.writerIndex(), value);
        int index = found < 0 ? -1 : found - start;
        if (absentBefore != null || index < 0) {
            remember(value, index < 0 ? length() : index);
        }
        return index;
    }

    private void remember(byte value, int index) {
        if (absentBefore == null) {
            absentBefore = new int[256];
        }
        absentBefore[value & 0xff] = index;
    }
}
