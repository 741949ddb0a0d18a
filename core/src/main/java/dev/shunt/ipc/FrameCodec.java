package dev.shunt.ipc;

import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.Frame.ToChild;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Frames out of bytes: four bytes length of what follows, the code of the type, its fields. {@link FrameBuffer} is the
 * other way, {@link FrameTypes} the table that both look into.
 */
public final class FrameCodec {

    /** Longest frame accepted: what is read of a longer one, and what it says, would not fit into the heap together. */
    public static final int MAX_FRAME_BYTES =
            (int) Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 2);

    private FrameCodec() {}

    /** {@link FrameDecoder#decode} for whoever reads both directions, which nobody does but tests. */
    public static @Nullable Frame decode(ByteBuffer in) {
        return decode(in, FrameTypes.ALL);
    }

    /** {@link FrameDecoder#decode} in the manager. */
    public static @Nullable FromChild fromChild(ByteBuffer in) {
        return decode(in, FrameTypes.FROM_CHILD);
    }

    /** {@link FrameDecoder#decode} in a child. */
    public static @Nullable ToChild toChild(ByteBuffer in) {
        return decode(in, FrameTypes.TO_CHILD);
    }

    private static <F extends Frame> @Nullable F decode(ByteBuffer in, FrameTypes<F> types) {
        if (in.remaining() < Integer.BYTES) {
            return null;
        }
        int length = in.getInt(in.position());
        if (length < 1 || length > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("a frame of " + length + " bytes; this process takes " + MAX_FRAME_BYTES
                    + " at most, half of its heap (-Xmx) or 256 MiB");
        }
        if (in.remaining() < Integer.BYTES + length) {
            return null;
        }
        int end = in.position() + Integer.BYTES + length;
        in.getInt();
        var type = types.withCode(in.get());
        F frame = type.read(in);
        if (in.position() != end) {
            throw new IllegalArgumentException("a frame whose length does not fit: " + type.name());
        }
        return frame;
    }
}
