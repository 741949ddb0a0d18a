package dev.shunt.process;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Deletes a run directory, the lock file last; links are deleted and not followed, but for that to the spool. */
final class DeleteTree extends SimpleFileVisitor<Path> {

    /** A child that is just dying may add a file to its payloads meanwhile. */
    private static final int ATTEMPTS = 3;

    private final RunFiles files;

    private DeleteTree(RunFiles files) {
        this.files = files;
    }

    static void at(RunFiles files) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                if (Files.isSymbolicLink(files.spool()) && isOwn(files)) {
                    Files.walkFileTree(Files.readSymbolicLink(files.spool()), new DeleteTree(files));
                }
                for (var arena : files.arenas()) {
                    Files.deleteIfExists(arena);
                }
                Files.walkFileTree(files.directory(), new DeleteTree(files));
                Files.deleteIfExists(files.lock());
                Files.deleteIfExists(files.directory());
                return;
            } catch (DirectoryNotEmptyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Another directory than that of a run, and all that is in it. */
    static void all(Path directory) throws IOException {
        Files.walkFileTree(directory, new DeleteTree(new RunFiles(Path.of(""))));
    }

    /** As {@link RunDirectory} has made it: no other may be named by a link that somebody has put there. */
    private static boolean isOwn(RunFiles files) throws IOException {
        var name = Files.readSymbolicLink(files.spool()).getFileName();
        return name != null
                && name.toString().equals("spool-of-" + files.directory().getFileName());
    }

    static boolean ifEmpty(Path directory) {
        try {
            return Files.deleteIfExists(directory);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (!file.equals(files.lock())) {
            Files.deleteIfExists(file);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (!directory.equals(files.directory())) {
            Files.deleteIfExists(directory);
        }
        return FileVisitResult.CONTINUE;
    }
}
