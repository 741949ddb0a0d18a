package dev.shunt.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing run of encoded frames, ready to be written in one go. Not safe for use by several threads. */
public final class FrameBuffer {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** A buffer that once held a large frame is given back to the collector above this size. */
    private static final int KEPT_BYTES = 256 << 10;

    private static final int INITIAL_BYTES = 8 << 10;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
    }

    /** Appends the whole frame, or throws and appends nothing. */
    public void append(Frame frame) {
        int start = length;
        boolean whole = false;
        try {
            putInt(0);
            FrameCodec.encode(frame, this);
            int body = length - start - Integer.BYTES;
            if (body > FrameCodec.MAX_FRAME_BYTES) {
                throw new IllegalArgumentException(
                        body + " bytes do not fit into a frame; " + FrameCodec.MAX_FRAME_BYTES + " do");
            }
            INT.set(bytes, start, body);
            whole = true;
        } finally {
            length = whole ? length : start;
        }
    }

    void putByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    void putInt(int value) {
        ensure(Integer.BYTES);
        INT.set(bytes, length, value);
        length += Integer.BYTES;
    }

    void putLong(long value) {
        ensure(Long.BYTES);
        LONG.set(bytes, length, value);
        length += Long.BYTES;
    }

    void putBytes(byte[] value) {
        putInt(value.length);
        ensure(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    void putText(String value) {
        putBytes(value.getBytes(UTF_8));
    }

    private void ensure(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
        }
    }
}
