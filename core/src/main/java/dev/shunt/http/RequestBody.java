package dev.shunt.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of a request, as its handler has it. */
sealed interface RequestBody {

    byte[] all();

    InputStream stream() throws IOException;

    /** -1 if it is not known yet. */
    long length();

    default Optional<Path> file() {
        return Optional.empty();
    }

    /** Before its handler: where the rest of it comes from. */
    default void from(long requestId, Bodies bodies) {}

    /** In memory. */
    record Whole(byte[] bytes) implements RequestBody {

        @Override
        public byte[] all() {
            return bytes;
        }

        @Override
        public InputStream stream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public long length() {
            return bytes.length;
        }
    }

    /** In a file that the process with its socket has made. */
    record InFile(Path path) implements RequestBody {

        static InFile named(byte[] name) {
            return new InFile(Path.of(new String(name, UTF_8)));
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }

        /** It is in a file because it is longer than a message in memory may be. */
        @Override
        public byte[] all() {
            throw new HttpException(413, "the body has " + length() + " bytes, too many to be wanted in memory");
        }

        @Override
        public InputStream stream() throws IOException {
            return Files.newInputStream(path);
        }

        @Override
        public long length() {
            try {
                return Files.size(path);
            } catch (IOException e) {
                throw cannotBeRead(e);
            }
        }
    }

    /** On its way. Read once: either all of it, or as a stream. */
    final class Streamed implements RequestBody {

        private final long declared;
        private final int maxInMemory;
        private @Nullable RequestStream stream;
        private byte @Nullable [] all;

        Streamed(long declared, int maxInMemory) {
            this.declared = declared;
            this.maxInMemory = maxInMemory;
        }

        static Streamed of(byte[] encoded) {
            var in = ByteBuffer.wrap(encoded);
            return new Streamed(in.getLong(), in.getInt());
        }

        byte[] encoded() {
            return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                    .putLong(declared)
                    .putInt(maxInMemory)
                    .array();
        }

        @Override
        public synchronized void from(long requestId, Bodies bodies) {
            stream = new RequestStream(requestId, bodies);
        }

        @Override
        public synchronized byte[] all() {
            if (all == null) {
                all = read();
            }
            return all;
        }

        private byte[] read() {
            try {
                byte[] bytes = stream().readNBytes(maxInMemory);
                if (bytes.length == maxInMemory && stream().read() >= 0) {
                    throw new HttpException(
                            413, "the body is longer than " + maxInMemory + " bytes, and is wanted in memory");
                }
                return bytes;
            } catch (IOException e) {
                throw cannotBeRead(e);
            }
        }

        @Override
        public synchronized InputStream stream() {
            if (all != null) {
                return new ByteArrayInputStream(all);
            }
            if (stream == null) {
                throw new IllegalStateException("this request has no handler whose engine brings its body");
            }
            return stream;
        }

        @Override
        public synchronized long length() {
            return all == null ? declared : all.length;
        }
    }

    private static UncheckedIOException cannotBeRead(IOException e) {
        return new UncheckedIOException("the body of a request cannot be read", e);
    }
}
