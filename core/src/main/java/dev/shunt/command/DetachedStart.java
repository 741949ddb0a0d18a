package dev.shunt.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.process.Detached;
import dev.shunt.remote.ControlException;
import dev.shunt.remote.ControlException.Kind;
import dev.shunt.remote.RunningProgram;
import dev.shunt.remote.RunningPrograms;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code start -d}: starts this program once more on its own, and waits until that serves or has ended. */
final class DetachedStart {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_MILLIS = 50;

    /** Of what it printed before it failed. */
    private static final int LAST_WORDS = 16 << 10;

    /** Finds programs. */
    interface Search {
        RunningPrograms find() throws ControlException;
    }

    private final String name;
    private final Path output;
    private final Search programs;

    /** @param output where what it prints goes; else to a file of its own in the user's state directory */
    DetachedStart(String name, Optional<Path> output, Search programs) {
        this.name = name;
        this.output = output.map(Path::toAbsolutePath).orElseGet(() -> usual(name));
        this.programs = programs;
    }

    /** As the XDG Base Directory Specification has it. */
    private static Path usual(String name) {
        String state = System.getenv().getOrDefault("XDG_STATE_HOME", "");
        var directory =
                state.startsWith("/") ? Path.of(state) : Path.of(System.getProperty("user.home"), ".local", "state");
        return directory.resolve("shunt").resolve(name.replaceAll("[^\\w.-]", "_") + ".log");
    }

    /** @throws ControlException if it ends before it serves, with what it printed, or does neither */
    void run() throws ControlException {
        try {
            Files.createDirectories(output.toAbsolutePath().getParent());
            long before = Files.exists(output) ? Files.size(output) : 0;
            var process = Detached.start(output);
            var serving = await(process, before);
            System.out.println(
                    name + " runs (pid " + serving.pid() + ", since " + serving.since() + ")" + listeners(serving));
            System.out.println("what it prints goes to " + output);
        } catch (IOException e) {
            throw new ControlException(
                    Kind.FAILED, "cannot be started with -d: " + e.getMessage() + "; -d --log FILE names another file");
        }
    }

    private static String listeners(RunningProgram program) {
        var listeners = program.about().texts("listeners");
        return listeners.isEmpty() ? "" : ", listens on " + String.join(", ", listeners);
    }

    private RunningProgram await(Process process, long before) throws ControlException, IOException {
        var clock = Clock.system();
        long began = clock.nanoTime();
        while (clock.nanoTime() - began < PATIENCE.toNanos()) {
            var serving = programs.find().found().stream()
                    .filter(program -> program.pid() == process.pid() && program.serves())
                    .findFirst();
            if (serving.isPresent()) {
                return serving.get();
            }
            if (hasEnded(process)) {
                throw new ControlException(
                        Kind.FAILED,
                        "not started, it exited with " + process.exitValue() + ":\n" + printed(before) + "(from "
                                + output + ")");
            }
        }
        throw new ControlException(
                Kind.TIMED_OUT,
                "does not serve " + PATIENCE.toSeconds() + " s after its start, and is still starting (pid "
                        + process.pid() + "); " + output + " may say why");
    }

    private static boolean hasEnded(Process process) {
        try {
            return process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String printed(long before) throws IOException {
        try (var file = new RandomAccessFile(output.toFile(), "r")) {
            file.seek(Math.max(before, file.length() - LAST_WORDS));
            var bytes = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(bytes);
            String text = new String(bytes, UTF_8);
            return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
        }
    }
}
