package dev.shunt.sqlite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * CRC-32C of columns, in the order in which they are added: what was read is what was written. Texts count as UTF-8, each
 * with its length, so that nothing can move from one column to the next.
 */
final class Checksum {

    private static final int NULL = -1;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    Checksum add(long value) {
        crc.update(number.clear().putLong(value).flip());
        return this;
    }

    Checksum add(@Nullable String text) {
        return add(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    Checksum add(byte @Nullable [] bytes) {
        if (bytes == null) {
            return add(NULL);
        }
        add(bytes.length);
        crc.update(bytes);
        return this;
    }

    /** 32 bits. */
    long value() {
        return crc.getValue();
    }

    /** One column of two: of what a task is, and of how far it has come, which changes by itself. */
    static long of(Checksum content, Checksum progress) {
        return content.value() << 32 | progress.value();
    }

    /** How far a task has come. */
    Checksum addProgress(long id, int attempts, long dueAtMillis, int deaths) {
        return add(id).add(attempts).add(dueAtMillis).add(deaths);
    }
}
