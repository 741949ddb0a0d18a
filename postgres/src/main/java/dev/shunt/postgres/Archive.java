package dev.shunt.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Unpacks a tar archive: files, directories and links, all of which others may read. */
final class Archive {

    private static final int BLOCK = 512;

    private final InputStream in;
    private final Path into;

    Archive(InputStream in, Path into) {
        this.in = in;
        this.into = into;
    }

    void unpack() throws IOException {
        String longName = null;
        for (byte[] header = block(); header[0] != 0; header = block()) {
            long size = Long.parseLong(text(header, 124, 12).strip(), 8);
            char type = (char) header[156];
            if (type == 'L') { // GNU's way of long names
                longName = new String(content(size), UTF_8).replace("\0", "");
                continue;
            }
            String prefix = text(header, 345, 155);
            String name = longName != null ? longName : (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
            longName = null;
            entry(type, inside(name), text(header, 157, 100), size, header);
        }
    }

    private void entry(char type, Path file, String link, long size, byte[] header) throws IOException {
        switch (type) {
            case '5' -> Files.createDirectories(file);
            case '2' -> {
                Files.createDirectories(file.getParent());
                Files.createSymbolicLink(file, Path.of(link));
            }
            case '1' -> Files.createLink(file, inside(link));
            case '0', '\0' -> {
                Files.createDirectories(file.getParent());
                Files.write(file, content(size));
                boolean executable = (Integer.parseInt(text(header, 100, 8).strip(), 8) & 0100) != 0;
                Files.setPosixFilePermissions(file, permissions(executable));
            }
            default -> content(size);
        }
    }

    private Path inside(String name) throws IOException {
        var file = into.resolve(name).normalize();
        if (!file.startsWith(into)) {
            throw new IOException("the archive has a file outside of it: " + name);
        }
        return file;
    }

    private static Set<PosixFilePermission> permissions(boolean executable) {
        var permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if (executable) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }

    private byte[] content(long size) throws IOException {
        byte[] bytes = in.readNBytes(Math.toIntExact(size));
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        return bytes;
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(BLOCK);
        if (block.length < BLOCK) {
            throw new EOFException("the archive ends in the middle");
        }
        return block;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, UTF_8);
    }
}
