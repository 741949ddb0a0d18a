package dev.shunt.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * All that this program has started and that still runs. Whatever ends this program in order ends them, too: SIGTERM first,
 * and SIGKILL for what is still there five seconds later.
 */
final class Processes {

    /** Of this program. */
    static final String CLASS_PATH = System.getProperty("java.class.path");

    private static final long PATIENCE_SECONDS = 5;

    /** Which survives a restart of the machine, so that it is not in memory, as /tmp may be. */
    private static final Path ON_DISK = Path.of("/var/tmp");

    private final List<String> jvmOptions;
    private final AotCaches aotCaches = new AotCaches(this);
    private final Set<Path> directories = ConcurrentHashMap.newKeySet();
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Processes() {
        this(List.of());
    }

    /** With options for every java that is measured. */
    Processes(List<String> jvmOptions) {
        this.jvmOptions = List.copyOf(jvmOptions);
        Runtime.getRuntime().addShutdownHook(new Thread(this::endAll, "end of processes"));
    }

    /** The same java as this one, as a user starts it for the first time. */
    static List<String> java(String classPath, List<String> options, Class<?> main, List<String> arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dshunt.aotCache=false")); // which would be made beside what is measured
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(arguments);
        return command;
    }

    /** This program is being ended: what fails from now on fails because of that. */
    boolean isClosed() {
        return closed;
    }

    List<String> jvmOptions() {
        return jvmOptions;
    }

    AotCaches aotCaches() {
        return aotCaches;
    }

    /** An empty directory, on a disk where this machine has it so. Goes with this program at the latest. */
    Path directory() throws IOException {
        var made = Files.isWritable(ON_DISK)
                ? Files.createTempDirectory(ON_DISK, "shunt-bench-")
                : Files.createTempDirectory("shunt-bench-");
        directories.add(made);
        return made;
    }

    /** With the files in it. Does nothing for what is not there. */
    static void delete(Path directory) {
        if (directory.toString().isEmpty() || !Files.isDirectory(directory)) {
            return;
        }
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            System.err.println("bench: " + directory + " stays: " + e);
        }
    }

    Process start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IOException("stopped");
        }
        var process = builder.start();
        running.add(process);
        if (closed) {
            process.destroyForcibly();
        }
        return process;
    }

    /** Returns when it has ended, and all its descendants; those that it leaves behind, as a shell does, are asked, too. */
    void end(Process process) {
        var handle = process.toHandle(); // Process itself would close the streams while they are read
        var descendants = process.descendants().toList();
        handle.destroy();
        killUnlessEnded(handle);
        descendants.forEach(ProcessHandle::destroy);
        descendants.forEach(Processes::killUnlessEnded);
        running.remove(process);
    }

    private static void killUnlessEnded(ProcessHandle process) {
        if (!ended(process)) {
            process.destroyForcibly();
            ended(process);
        }
    }

    private static boolean ended(ProcessHandle process) {
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (Exception _) {
            return false; // whatever the reason, it is not known to have ended
        }
    }

    private void endAll() {
        closed = true;
        running.parallelStream().forEach(this::end);
        directories.forEach(Processes::delete);
    }
}
