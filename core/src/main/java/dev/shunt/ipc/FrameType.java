package dev.shunt.ipc;

import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One kind of frame: a line of {@link FrameTypes}.
 *
 * @param code its first byte on the wire
 * @param writer puts the fields, in the order in which the reader takes them
 */
record FrameType<F extends Frame>(
        int code, Class<F> type, BiConsumer<F, FieldWriter> writer, Function<ByteBuffer, F> reader) {

    void write(Frame frame, FieldWriter out) {
        out.putByte(code);
        writer.accept(type.cast(frame), out);
    }

    F read(ByteBuffer in) {
        return reader.apply(in);
    }

    String name() {
        return type.getSimpleName();
    }
}
