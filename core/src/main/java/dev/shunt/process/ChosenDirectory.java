package dev.shunt.process;

import dev.shunt.files.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;

/**
 * A directory that a program was told to have as its own, for one run after the other: locked while it runs. Its run
 * directory is in there. The lock file stays: whoever can lock it knows that nobody has the directory.
 */
public final class ChosenDirectory implements AutoCloseable {

    private static final FileAttribute<?> OWN_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Pattern PID = Pattern.compile("\"pid\": ?(\\d+)");
    private static final Pattern STARTED = Pattern.compile("\"started\": ?\"([^\"]*)\"");

    private final RunFiles files;
    private final FileChannel lock;

    private ChosenDirectory(RunFiles files, FileChannel lock) {
        this.files = files;
        this.lock = lock;
    }

    /** @throws IllegalStateException if another program has it, or it cannot be had; says why and what to do */
    public static ChosenDirectory take(Path directory) {
        var files = new RunFiles(directory);
        var own = ProgramIdentity.ofThisProcess();
        if (said(files, PID).equals(String.valueOf(own.pid()))
                && said(files, STARTED).equals(own.started().toString())) {
            throw inUse(files); // by another program of this process, whose lock would go if its file were closed here
        }
        FileChannel channel = null;
        try {
            Files.createDirectories(directory, OWN_ONLY);
            channel = FileChannel.open(files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            PrivateFile.keepFromCleaners(files.lock());
            if (channel.tryLock() != null) {
                return new ChosenDirectory(files, channel);
            }
            channel.close();
        } catch (OverlappingFileLockException e) {
            throw inUse(files);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the run directory " + directory + " cannot be had: " + e + "; choose another one", e);
        }
        throw inUse(files);
    }

    private static IllegalStateException inUse(RunFiles files) {
        String pid = said(files, PID);
        String started = said(files, STARTED);
        return new IllegalStateException("the run directory " + files.directory() + " is in use by "
                + (pid.isEmpty() ? "another program" : "pid " + pid + ", which runs since " + started)
                + "; stop that, or choose another directory");
    }

    /** What the manifest there says. */
    private static String said(RunFiles files, Pattern what) {
        try {
            var found = what.matcher(Files.readString(files.manifest()));
            return found.find() ? found.group(1) : "";
        } catch (IOException e) {
            return "";
        }
    }

    public Path path() {
        return files.directory();
    }

    public Path control() {
        return files.control();
    }

    public Path manifest() {
        return files.manifest();
    }

    /** Gives it up. */
    @Override
    public void close() throws IOException {
        try (var _ = lock) {
            Files.deleteIfExists(files.manifest());
        }
    }
}
