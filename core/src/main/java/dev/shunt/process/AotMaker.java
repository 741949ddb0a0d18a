package dev.shunt.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.shunt.files.PrivateFile;
import dev.shunt.log.Log;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Makes one AOT cache: two processes of low priority, one after the other. The first runs {@code AotTraining}, a program of
 * ours, whose child the JVM records; nothing of the program runs in it. The second makes the cache of what was recorded. One
 * thread makes, another may close.
 */
final class AotMaker implements AutoCloseable {

    private static final Logger LOG = Log.of(AotMaker.class);
    private static final String TRAINING = "dev.shunt.training.AotTraining";
    private static final String CLASSES = "classes";

    /** On a machine that is very busy, since both processes are nice. */
    private static final long MINUTES = 10;

    /** Not for a training run: what may write where the program does, or say what the program should hear. */
    private static final Pattern NOT_FOR_TRAINING = Pattern.compile(
            "-D(?!java\\.(class|module)\\.|jdk\\.module\\.).*|-Xlog.*|-verbose.*|-XX:On\\w+=.*|--class-path=.*");

    private static final List<String> OPTIONS =
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining", "-Xlog:disable", "-Xlog:all=error");

    /** The program's logger is not set up: it would open, or roll, the program's files. */
    private static final List<String> QUIET =
            List.of("-Dshunt.aotCache=false", "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider");

    private final LaunchCommand command;
    private final AotStore store;
    private volatile @Nullable Process running;
    private volatile boolean closed;

    AotMaker(LaunchCommand command, AotStore store) {
        this.command = command;
        this.store = store;
    }

    /**
     * A cache that children have missed.
     *
     * @param options of such a child
     * @param classes by the group of a child, which it has loaded, as the JVM logs them
     */
    record Wanted(List<String> options, Map<String, Path> classes) {

        /** Whether it is the first of its group. */
        boolean add(String group, Path file) {
            return classes.putIfAbsent(group, file) == null;
        }

        /** That child has ended before it had loaded them all. */
        void forget(Path file) {
            classes.values().remove(file);
        }

        /** {@code java.lang.Object source: shared objects file}; those with a slash have no name to ask for. */
        List<String> names() throws IOException {
            var names = new LinkedHashSet<String>();
            for (var file : classes.values()) {
                if (Files.exists(file)) {
                    Files.readAllLines(file, ISO_8859_1).stream()
                            .map(line -> line.substring(0, Math.max(0, line.indexOf(' '))))
                            .filter(name -> !name.isEmpty() && !name.contains("/"))
                            .forEach(names::add);
                }
            }
            return List.copyOf(names);
        }
    }

    /** The option of a child whose classes are to be known: one file more, and a line for each class. */
    static String loggedTo(Path classes) {
        return "-Xlog:class+load=info:file=\"" + classes + "\":none:filecount=1,filesize=8m";
    }

    /** @throws IOException if it could not be made; says why */
    void make(AotKey key, Wanted wanted) throws IOException, InterruptedException {
        synchronized (AotMaker.class) { // a lock of a file is one of the whole process
            try (var _ = store.lock()) {
                if (!closed && store.find(key).isEmpty()) {
                    make(key, wanted, store.making(key));
                }
            }
        }
    }

    private void make(AotKey key, Wanted wanted, Path directory) throws IOException, InterruptedException {
        try {
            var names = wanted.names();
            if (names.isEmpty()) {
                LOG.debug("no AOT cache is made: no child has started");
                return;
            }
            Files.write(directory.resolve(CLASSES), names);
            var cache = directory.resolve("cache");
            var options = new ArrayList<>(kept(wanted.options()));
            options.addAll(OPTIONS);
            var configuration = directory.resolve("configuration");
            run(directory, "training", training(directory, options, configuration));
            if (Files.notExists(configuration)) {
                throw new IOException("the training run has recorded nothing");
            }
            run(directory, "assembly", assembly(options, configuration, cache));
            store.keep(key, cache);
            LOG.info("an AOT cache is made, with which children start from now on: {}", store.directory());
        } finally {
            DeleteTree.all(directory);
        }
    }

    private List<String> training(Path directory, List<String> options, Path configuration) {
        var words = new ArrayList<>(kept(command.options()));
        words.addAll(List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1"));
        words.addAll(QUIET);
        words.add(classPath());
        words.add(TRAINING);
        words.add(CommandLine.bytes(directory.toString()));
        words.add(String.valueOf(ProcessHandle.current().pid()));
        words.addAll(options);
        words.add("-XX:AOTMode=record");
        words.add(CommandLine.bytes("-XX:AOTConfiguration=" + configuration));
        return words;
    }

    private List<String> assembly(List<String> options, Path configuration, Path cache) {
        var words = new ArrayList<>(kept(command.options()));
        words.addAll(options);
        words.add("-XX:AOTMode=create");
        words.add(CommandLine.bytes("-XX:AOTConfiguration=" + configuration));
        words.add(CommandLine.bytes("-XX:AOTCache=" + cache));
        words.add(classPath());
        return words;
    }

    private String classPath() {
        return CommandLine.bytes("--class-path=" + command.classPath());
    }

    private void run(Path directory, String step, List<String> words) throws IOException, InterruptedException {
        var arguments = directory.resolve(step + ".arguments");
        var output = directory.resolve(step + ".log");
        PrivateFile.write(arguments, ArgumentFile.of(words).getBytes(ISO_8859_1));
        var builder = new ProcessBuilder(
                        Stream.concat(nice().stream(), Stream.of(LaunchCommand.java(), "@" + arguments))
                                .toList())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(output.toFile()));
        LaunchCommand.tidy(builder.environment());
        ServiceManager.tidy(builder.environment());
        var process = builder.start();
        running = process;
        if (closed) {
            close();
        }
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("the " + step + " run has not ended after " + MINUTES + " minutes");
        }
        if (ChildExit.isOfItsTerminal(process.exitValue())) {
            throw new InterruptedException("the program is stopped, and the " + step + " run with it");
        }
        if (process.exitValue() != 0) {
            var lines = Files.readAllLines(output);
            throw new IOException("the " + step + " run ended with exit code " + process.exitValue() + ": "
                    + (lines.isEmpty() ? "it printed nothing" : lines.getLast()));
        }
    }

    /** The JDK cannot start a process with another priority. */
    private static List<String> nice() {
        return Detached.isThere("nice") ? List.of("nice", "-n", "10") : List.of();
    }

    private static List<String> kept(List<String> options) {
        return options.stream()
                .filter(NOT_FOR_TRAINING.asMatchPredicate().negate())
                .toList();
    }

    /** What it has begun ends now. */
    @Override
    public void close() {
        closed = true;
        var process = running;
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
