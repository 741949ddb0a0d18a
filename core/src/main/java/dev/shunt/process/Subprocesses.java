package dev.shunt.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.shunt.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/**
 * The programs that handlers of children have started. They are known by a variable that they inherit, so also when their
 * parent is dead; it is read in {@code /proc}, and where there is none nobody is found. Safe for use by any thread.
 */
final class Subprocesses {

    /** The name of the run directory, which is never used twice, a slash, and the child's serial. */
    static final String VARIABLE = "SHUNT_SUBPROCESS_OF";

    private static final Logger LOG = Log.of(Subprocesses.class);
    private static final Path PROC = Path.of("/proc");

    /** Only a process that the kernel itself cannot end lives on for so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long LOOK_AGAIN_NANOS = 1_000_000;

    private final String run;
    private final Clock clock;
    private final Set<Long> dead = ConcurrentHashMap.newKeySet();

    Subprocesses(Path runDirectory, Clock clock) {
        this.run = runDirectory.getFileName() + "/";
        this.clock = clock;
    }

    /** What a child's processes inherit. */
    void mark(long serial, Map<String, String> environment) {
        environment.put(VARIABLE, run + serial);
    }

    /**
     * Ends all that a dead child has started, and waits until it is gone. Looks through all processes of the machine, once
     * for all who call meanwhile.
     *
     * @return how many there were
     */
    int endThoseOf(long serial) {
        dead.add(serial);
        synchronized (this) {
            if (!dead.contains(serial)) {
                return 0; // whoever was before us here has seen to it
            }
            var now = Set.copyOf(dead);
            int ended = end(now);
            dead.removeAll(now);
            return ended;
        }
    }

    /**
     * Ends what is left of a run whose manager is dead: its children and what they have started, but for this process and
     * those that have started it.
     *
     * @param serials of the children that had not ended before
     */
    void endLeftOver(Set<Long> serials) {
        if (!serials.isEmpty()) {
            end(serials);
        }
    }

    private int end(Set<Long> serials) {
        Predicate<String> isMeant = serials.stream().map(serial -> run + serial).collect(Collectors.toSet())::contains;
        var spared = thisAndItsParents();
        var all = new HashSet<Long>();
        long until = clock.nanoTime() + PATIENCE.toNanos();
        for (var found = alive(isMeant, spared); !found.isEmpty(); found = alive(isMeant, spared)) {
            if (clock.nanoTime() - until > 0) {
                LOG.warn(
                        "these processes cannot be ended with the child that they are of, and are left: {}",
                        names(found));
                break;
            }
            var fresh = found.stream().filter(process -> all.add(process.pid())).toList();
            if (!fresh.isEmpty()) {
                LOG.warn("ended with the child that has started them: {}", names(fresh));
            }
            found.forEach(ProcessHandle::destroyForcibly);
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        return all.size();
    }

    /** With whatever descends from them, which need not have the variable. */
    private static List<ProcessHandle> alive(Predicate<String> isMeant, Set<Long> spared) {
        var all = processes().toList();
        Set<ProcessHandle> meant = all.stream()
                .filter(process -> mark(process).filter(isMeant).isPresent())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        boolean more = !meant.isEmpty();
        while (more) {
            more = meant.addAll(all.stream()
                    .filter(process -> process.parent().filter(meant::contains).isPresent())
                    .toList());
        }
        return meant.stream().filter(process -> !spared.contains(process.pid())).toList();
    }

    private static Stream<ProcessHandle> processes() {
        return Files.isDirectory(PROC) ? ProcessHandle.allProcesses() : Stream.empty();
    }

    private static Optional<String> mark(ProcessHandle process) {
        try {
            var environment = Files.readString(PROC.resolve(process.pid() + "/environ"), ISO_8859_1);
            if (!environment.contains(VARIABLE)) {
                return Optional.empty(); // as with most
            }
            return Stream.of(environment.split("\0", -1))
                    .filter(variable -> variable.startsWith(VARIABLE + '='))
                    .map(variable -> variable.substring(VARIABLE.length() + 1))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // another user's, or gone meanwhile
        }
    }

    private static Set<Long> thisAndItsParents() {
        return Stream.iterate(
                        Optional.of(ProcessHandle.current()),
                        Optional::isPresent,
                        process -> process.flatMap(ProcessHandle::parent))
                .flatMap(Optional::stream)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static String names(List<ProcessHandle> processes) {
        return processes.stream()
                .map(process -> process.pid() + " " + process.info().command().orElse("?"))
                .collect(Collectors.joining(", "));
    }
}
