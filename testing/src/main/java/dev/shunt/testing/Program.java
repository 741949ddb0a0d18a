package dev.shunt.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A program that runs as a process of its own, as its users run it. Collects what it prints; waits for lines, never for
 * time. {@link #close} ends it with SIGKILL, and fails if a descendant does not go with it. Started by {@link Programs} in
 * tests, which prints the output of a test that failed.
 */
public final class Program implements AutoCloseable {

    /** How long anything here waits for what must happen; long, for a test fails when it is over. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long the output of a program that has ended may take; descendants that have it open, too, may never let go. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    /** Where programs would have their run directories, instead of in the temporary directory that they are given. */
    private static final Set<String> PLACES = Set.of("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR");

    private static final Pattern LISTENING = Pattern.compile("^listening on (.*):(\\d+)$");

    private final Launch launch;
    private final Process process;
    private final Family family;
    private final Output output = new Output();

    private Program(Launch launch, Process process, Family family) {
        this.launch = launch;
        this.process = process;
        this.family = family;
    }

    public static Program start(Launch launch) {
        var family = new Family();
        var builder = new ProcessBuilder(launch.commandLine());
        builder.environment().keySet().removeAll(PLACES);
        builder.environment().putAll(launch.environment());
        builder.environment().put(Family.VARIABLE, family.mark());
        try {
            var program = new Program(launch, builder.start(), family);
            program.process.getOutputStream().close();
            program.collect(program.process.inputReader(UTF_8), false);
            program.collect(program.process.errorReader(UTF_8), true);
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void collect(BufferedReader stream, boolean error) {
        Thread.ofPlatform().daemon().name("output of " + pid()).start(() -> output.read(stream, error));
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The port of the first {@code listening on HOST:PORT}. */
    public int port() {
        return port(0);
    }

    /** The port of the n-th {@code listening on HOST:PORT}, from 0. */
    public int port(int nth) {
        return Integer.parseInt(
                awaitLines(LISTENING.pattern(), nth + 1).get(nth).group(2));
    }

    /** Waits for the first line, of either stream, in which the expression is found; also one printed before. */
    public MatchResult awaitLine(String regex) {
        return awaitLines(regex, 1).getFirst();
    }

    /** Waits for the first {@code count} lines in which the expression is found. */
    public List<MatchResult> awaitLines(String regex, int count) {
        return enough(output.await(Pattern.compile(regex), count, PATIENCE), regex, count);
    }

    /** As {@link #awaitLines}, and again if it has printed anything meanwhile: for starts of processes that wait for each other. */
    public List<MatchResult> awaitLinesWhilePrinting(String regex, int count) {
        int printed;
        List<MatchResult> found;
        do {
            printed = output.lines().size();
            found = output.await(Pattern.compile(regex), count, PATIENCE);
        } while (found.size() < count && output.lines().size() > printed);
        return enough(found, regex, count);
    }

    private List<MatchResult> enough(List<MatchResult> found, String regex, int count) {
        if (found.size() < count) {
            throw new AssertionError("%d of %d lines with /%s/; the program %s"
                    .formatted(
                            found.size(), count, regex, output.ended() ? "exited with " + exitCode() : "still runs"));
        }
        return found;
    }

    /** What it has printed so far. */
    public List<String> lines() {
        return lines(false);
    }

    /** What it has printed to the error stream so far. */
    public List<String> errors() {
        return lines(true);
    }

    /** What it has printed to the error stream, but for warnings that it was held up, which a busy machine deserves. */
    public List<String> complaints() {
        return errors().stream()
                .filter(line -> !line.contains("held up its event loop") && !line.contains("holds up the main loop"))
                .toList();
    }

    private List<String> lines(boolean error) {
        return printed().stream()
                .filter(line -> line.error() == error)
                .map(Output.Line::text)
                .toList();
    }

    /** All of it if the program has ended: what it printed last may be read a moment later. */
    private List<Output.Line> printed() {
        if (!isAlive()) {
            output.awaitEnd(LAST_WORDS);
        }
        return output.lines();
    }

    /** Its living descendants, oldest first; also when the program itself has ended. Not one that is only being started. */
    public List<ProcessHandle> children() {
        return descendants().stream()
                .filter(member -> !Family.isBeingStarted(member))
                .toList();
    }

    /** All that is alive of it but itself. */
    List<ProcessHandle> descendants() {
        return family.members().stream().filter(member -> member.pid() != pid()).toList();
    }

    /** The program's memory as the system sees it, in bytes. */
    public long residentBytes() {
        try (var status = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            String line =
                    status.filter(text -> text.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    public void kill() {
        process.toHandle().destroyForcibly(); // Process itself would close the streams, too, and its last words be lost
    }

    /** SIGTERM. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** SIGINT to the program alone. */
    public void interrupt() {
        Signals.send("INT", pid());
    }

    /** SIGINT to the program and all its children, as Ctrl+C on a terminal does; see {@link Launch#inOwnGroup}. */
    public void interruptGroup() {
        if (!launch.ownGroup()) {
            throw new IllegalStateException("not in a process group of its own; start it with Launch.inOwnGroup()");
        }
        Signals.send("INT", -pid());
    }

    /** Waits for its end; 128 + n if signal n ended it. */
    public int exitCode() {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still runs after " + PATIENCE);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for process " + pid(), e);
        }
    }

    /** SIGTERM, then {@link #exitCode}. */
    public int stop() {
        terminate();
        return exitCode();
    }

    /** SIGKILL, unless it has ended. Its descendants must go by themselves; one that stays is killed, and an error. */
    @Override
    public void close() {
        kill();
        exitCode();
        new LeftBehind(this).check();
    }

    /** Its command and all it has printed. */
    String transcript() {
        var text = new StringBuilder("==== " + pid() + " " + launch.summary() + "\n");
        printed()
                .forEach(line -> text.append(line.error() ? "! " : "  ")
                        .append(line.text())
                        .append('\n'));
        return text.append(isAlive() ? "==== still runs" : "==== exited with " + exitCode())
                .toString();
    }
}
