package dev.shunt.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.task.Durability;
import dev.shunt.task.OptionsFormat;
import dev.shunt.task.TaskOptions;
import java.nio.ByteBuffer;

/**
 * Data and options as bytes in a column. What was written once is read for ever.
 *
 * <pre>
 *   data      kind, bytes
 *   options   format (1), durability, length of the text or -1, the text, the context as data if there is one
 * </pre>
 */
@SuppressWarnings("EnumOrdinal") // kinds and durabilities keep their order for ever
final class Bytes {

    private static final byte FORMAT = 1;
    private static final Data.Kind[] KINDS = Data.Kind.values();
    private static final Durability[] DURABILITIES = Durability.values();

    private Bytes() {}

    static byte[] of(Data data) {
        byte[] bytes = data.bytes();
        return ByteBuffer.allocate(1 + bytes.length)
                .put((byte) data.kind().ordinal())
                .put(bytes)
                .array();
    }

    static Data data(byte[] column) {
        if (column.length == 0) {
            return Data.empty();
        }
        var bytes = new byte[column.length - 1];
        System.arraycopy(column, 1, bytes, 0, bytes.length);
        return Data.received(KINDS[column[0]], bytes, Codec.json());
    }

    static byte[] of(TaskOptions options) {
        String text = OptionsFormat.write(options);
        byte[] written = text == null ? new byte[0] : text.getBytes(UTF_8);
        byte[] context = options.context().equals(Data.empty()) ? new byte[0] : of(options.context());
        return ByteBuffer.allocate(6 + written.length + context.length)
                .put(FORMAT)
                .put((byte) options.durability().ordinal())
                .putInt(text == null ? -1 : written.length)
                .put(written)
                .put(context)
                .array();
    }

    /** @throws IllegalArgumentException if it makes no sense here; a newer program may have written it */
    static TaskOptions options(byte[] column) {
        var in = ByteBuffer.wrap(column);
        if (in.get() != FORMAT) {
            throw new IllegalArgumentException("its options are of a format that this program does not know");
        }
        var durability = DURABILITIES[in.get()];
        int length = in.getInt();
        var text = new byte[Math.max(0, length)];
        in.get(text);
        var options =
                OptionsFormat.read(length < 0 ? null : new String(text, UTF_8)).durability(durability);
        if (!in.hasRemaining()) {
            return options;
        }
        var context = new byte[in.remaining()];
        in.get(context);
        return options.context(data(context));
    }
}
