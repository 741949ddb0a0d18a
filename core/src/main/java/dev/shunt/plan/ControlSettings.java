package dev.shunt.plan;

import dev.shunt.check.Check;
import dev.shunt.control.ConsoleSettings;
import dev.shunt.task.TaskContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How a program is seen and steered while it runs.
 *
 * @param runDirectory where its socket {@code control} is; else a directory of its own for each run
 * @param programName what it is called there; else its main class or jar
 * @param socket whether there is a socket at all
 * @param masks of the type of a task and the path of a field in its payload, such as {@code card.number}, or none of a text,
 *     whether it is not to be shown
 * @param console where the page is, if there is one
 * @param metrics where metrics and health are alone, if they are to be
 * @param contexts what goes with tasks from where they are submitted to where they run
 * @param watch whether children are replaced when a class file or jar of the class path changes
 * @param aotCache whether children start with an AOT cache of the JDK, which is made in the background if there is none
 */
public record ControlSettings(
        Optional<Path> runDirectory,
        Optional<String> programName,
        boolean socket,
        BiPredicate<String, String> masks,
        Optional<ConsoleSettings> console,
        Optional<Probes> metrics,
        boolean watch,
        boolean aotCache,
        List<TaskContext> contexts) {

    /**
     * An address for whoever collects metrics and asks for the program's health.
     *
     * @param host an address of this machine
     * @param port 0 for any that is free
     */
    public record Probes(String host, int port) {

        private static final int MAX_PORT = 65_535;

        public Probes {
            Check.name("metrics", host);
            if (port < 0 || port > MAX_PORT) {
                throw new IllegalArgumentException(
                        "metrics port " + port + "; give 1 to 65535, or 0 for any that is free");
            }
        }
    }

    /** The property of the JVM that says of any program that it is to be watched. */
    public static final String WATCH = "shunt.watch";

    /** The property of the JVM that says of any program, with {@code true} or {@code false}, whether there is to be such a cache. */
    public static final String AOT_CACHE = "shunt.aotCache";

    private static final int MAX_NAME = 100;

    public static final ControlSettings DEFAULT = new ControlSettings(
            Optional.empty(),
            Optional.empty(),
            true,
            (_, _) -> false,
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            List.of());

    public ControlSettings {
        contexts = List.copyOf(contexts);
        runDirectory = runDirectory.map(Path::toAbsolutePath).map(Path::normalize);
        programName.ifPresent(name -> {
            if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "programName '" + name + "'; give 1 to " + MAX_NAME + " printable characters");
            }
        });
    }

    public ControlSettings withRunDirectory(Path directory) {
        return with(draft -> draft.runDirectory = Optional.of(Check.path("runDirectory", directory)));
    }

    public ControlSettings withProgramName(String name) {
        return with(draft -> draft.programName = Optional.of(Check.name("programName", name)));
    }

    public ControlSettings withSocket(boolean value) {
        return with(draft -> draft.socket = value);
    }

    public ControlSettings withMasks(BiPredicate<String, String> value) {
        return with(draft -> draft.masks = Check.given("maskPayloads", value));
    }

    public ControlSettings withConsole(ConsoleSettings value) {
        return with(draft -> draft.console = Optional.of(value));
    }

    public ControlSettings withMetrics(Probes value) {
        return with(draft -> draft.metrics = Optional.of(value));
    }

    public ControlSettings withWatch(boolean value) {
        return with(draft -> draft.watch = value);
    }

    public ControlSettings withAotCache(boolean value) {
        return with(draft -> draft.aotCache = value);
    }

    /** And that one. */
    public ControlSettings withTaskContext(TaskContext value) {
        Check.given("taskContext", value);
        return with(draft -> draft.contexts =
                Stream.concat(contexts.stream(), Stream.of(value)).toList());
    }

    /** Whoever has started the program has the last word. */
    public boolean wantsAotCache() {
        String asked = System.getProperty(AOT_CACHE, "");
        return asked.isEmpty() ? aotCache : asked.equals("true");
    }

    private ControlSettings with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.checked();
    }

    /** The same values, one of which is to be another. */
    private static final class Draft {

        private Optional<Path> runDirectory;
        private Optional<String> programName;
        private boolean socket;
        private BiPredicate<String, String> masks;
        private Optional<ConsoleSettings> console;
        private Optional<Probes> metrics;
        private boolean watch;
        private boolean aotCache;
        private List<TaskContext> contexts;

        Draft(ControlSettings of) {
            runDirectory = of.runDirectory;
            programName = of.programName;
            socket = of.socket;
            masks = of.masks;
            console = of.console;
            metrics = of.metrics;
            watch = of.watch;
            aotCache = of.aotCache;
            contexts = of.contexts;
        }

        ControlSettings checked() {
            return new ControlSettings(
                    runDirectory, programName, socket, masks, console, metrics, watch, aotCache, contexts);
        }
    }
}
