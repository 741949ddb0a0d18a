package dev.shunt.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that a form has sent as {@code multipart/form-data}: in memory, or on the disk if it is longer than 64 KiB. It is
 * gone when the handler has returned, unless it was moved elsewhere.
 */
public final class Upload {

    private final String name;
    private final String fileName;
    private final String contentType;
    private final long size;
    private final byte[] bytes;
    private @Nullable Path file;

    private Upload(String name, String fileName, String contentType, long size, byte[] bytes, @Nullable Path file) {
        this.name = name;
        this.fileName = fileName;
        this.contentType = contentType;
        this.size = size;
        this.bytes = bytes;
        this.file = file;
    }

    public static Upload inMemory(String name, String fileName, String contentType, byte[] bytes) {
        return new Upload(name, fileName, contentType, bytes.length, bytes, null);
    }

    public static Upload onDisk(String name, String fileName, String contentType, long size, Path file) {
        return new Upload(name, fileName, contentType, size, new byte[0], file);
    }

    /** Of the field of the form. */
    public String name() {
        return name;
    }

    /** As the client names it, without directories; not to be trusted as a name of a file here. */
    public String fileName() {
        return fileName;
    }

    /** As the client says. */
    public String contentType() {
        return contentType;
    }

    /** In bytes. */
    public long size() {
        return size;
    }

    /** Where it is, if it is on the disk. */
    public synchronized Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    public synchronized InputStream stream() throws IOException {
        return file == null ? new ByteArrayInputStream(bytes) : Files.newInputStream(file);
    }

    /** From here on the file is the program's own; replaces one that is there. */
    public synchronized void moveTo(Path target) throws IOException {
        if (file == null) {
            Files.write(target, bytes);
        } else {
            Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
        file = null;
    }

    /** Takes the file away that nobody has moved. */
    synchronized void discard() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
            file = null;
        }
    }
}
