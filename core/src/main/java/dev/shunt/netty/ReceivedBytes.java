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

    /** What was last asked for in vain of several bytes, and the index before which it does not begin. */
    private byte @Nullable [] sought;

    private int soughtFrom;

    Buffer of(ByteBuf received) {
        bytes = received;
        return this;
    }

    /** A packet was taken from the front. */
    void forget() {
        if (absentBefore != null) {
            Arrays.fill(absentBefore, 0);
        }
        sought = null;
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

    @Override
    public int indexOf(byte[] value) {
        int from = Arrays.equals(sought, value) ? soughtFrom : 0;
        int last = length() - value.length;
        for (int i = from; i <= last; i++) {
            int start = bytes.readerIndex();
            int found = bytes.indexOf(start + i, start + last + 1, value[0]);
            if (found < 0) {
                break;
            }
            i = found - start;
            if (standsAt(i, value)) {
                return i;
            }
        }
        sought = value;
        soughtFrom = Math.max(from, last + 1);
        return -1;
    }

    private boolean standsAt(int index, byte[] value) {
        for (int i = 1; i < value.length; i++) {
            if (bytes.getByte(bytes.readerIndex() + index + i) != value[i]) {
                return false;
            }
        }
        return true;
    }

    private void remember(byte value, int index) {
        if (absentBefore == null) {
            absentBefore = new int[256];
        }
        absentBefore[value & 0xff] = index;
    }
}
