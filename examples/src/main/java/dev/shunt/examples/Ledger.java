package dev.shunt.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file to which several processes append whole lines. A line for which there is no room leaves
 * nothing behind, and what a process that was killed has left of one goes before the next is
 * written.
 */
public final class Ledger {

    private final Path file;

    private Ledger(Path file) {
        this.file = file;
    }

    /**
     * Throws {@link IllegalArgumentException}, with what to do, if nothing can be written there.
     */
    public static Ledger at(String text) {
        var file = Path.of(text).toAbsolutePath();
        var directory = file.getParent();
        if (Files.exists(file)) {
            checkFile(text, file);
        } else if (directory == null || !Files.isDirectory(directory)) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' cannot be there, for "
                            + directory
                            + " is no directory; make it");
        } else if (!Files.isWritable(directory)) {
            throw new IllegalArgumentException(
                    "'" + text + "' cannot be made; may this user write to " + directory + "?");
        }
        return new Ledger(file);
    }

    private static void checkFile(String text, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no file; name one, which is made if missing");
        }
        try {
            new RandomAccessFile(file.toFile(), "rw").close();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' cannot be written (" + e.getMessage() + "); name another", e);
        }
    }

    /**
     * Returns when the disk has it. One thread at a time, up to the end of {@code close}: a lock on
     * a file is the process's, and lost when any thread of it closes the file.
     */
    public synchronized void append(String line) throws IOException {
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            try (var _ = out.getChannel().lock()) {
                writeWhole(out, (line + "\n").getBytes(UTF_8));
            }
            out.getFD().sync();
        } catch (IOException e) {
            throw new IOException("cannot write to " + file + ": " + e.getMessage(), e);
        }
    }

    private static void writeWhole(RandomAccessFile out, byte[] line) throws IOException {
        long end = endOfLines(out);
        out.setLength(end);
        out.seek(end);
        try {
            out.write(line);
        } catch (IOException e) {
            out.setLength(end);
            throw e;
        }
    }

    private static long endOfLines(RandomAccessFile file) throws IOException {
        for (long end = file.length(); end > 0; end--) {
            file.seek(end - 1);
            if (file.read() == '\n') {
                return end;
            }
        }
        return 0;
    }
}
