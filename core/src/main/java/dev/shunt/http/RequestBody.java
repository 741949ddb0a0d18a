package dev.shunt.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of a request: in memory, or in a file that the process with its socket has made. */
record RequestBody(byte[] bytes, @Nullable Path path) {

    static RequestBody of(byte[] bytes) {
        return new RequestBody(bytes, null);
    }

    /** @param name of the file */
    static RequestBody in(byte[] name) {
        return new RequestBody(new byte[0], Path.of(new String(name, UTF_8)));
    }

    Optional<Path> file() {
        return Optional.ofNullable(path);
    }

    byte[] all() {
        try {
            return path == null ? bytes : Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException("the body of a request cannot be read", e);
        }
    }

    InputStream stream() throws IOException {
        return path == null ? new ByteArrayInputStream(bytes) : Files.newInputStream(path);
    }

    long length() {
        try {
            return path == null ? bytes.length : Files.size(path);
        } catch (IOException e) {
            throw new UncheckedIOException("the body of a request cannot be read", e);
        }
    }
}
