package dev.shunt.ipc;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What one end of a link reads: {@link FrameCodec#fromChild} in the manager, {@link FrameCodec#toChild} in a child. */
@FunctionalInterface
public interface FrameDecoder<F extends Frame> {

    /**
     * Takes the next whole frame out of {@code in}, or leaves {@code in} as it is and returns null.
     *
     * @throws IllegalArgumentException if the bytes are no frame, or one that only this end may send
     */
    @Nullable F decode(ByteBuffer in);
}
