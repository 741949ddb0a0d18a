package dev.shunt.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * INT, TERM and HUP, for all programs of this JVM that take part: the first has all of them stop in order, a second ends
 * the process at once. When all have ended, the first goes on to whoever had it before: to a handler of the host's in any
 * case; to the JVM, which runs its shutdown hooks and exits, only if the process does not come to its end by itself. Safe
 * for use by any thread.
 */
public final class StopSignals {

    /** What is done with a program, on a signal's thread. */
    public interface Program {

        /** Begins to stop in order, and returns at once. */
        void shutdown();

        /** Waits until it has stopped; false if it has not, in the time that it has for that. */
        boolean stopsInTime();

        /** Ends what it has outside this process, which ends in a moment. */
        void endAtOnce();
    }

    /** Stands until the program has ended. */
    @FunctionalInterface
    public interface Membership extends AutoCloseable {
        @Override
        void close();
    }

    /** As signals are, one for the whole process. */
    private static final StopSignals OF_THIS_JVM = new StopSignals();

    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

    /** As a shell reports a program ended by SIGINT. */
    private static final int KILLED = 130;

    /** What a handler of the host's may take before {@code start()} returns, after which the process may end. */
    private static final Duration HOSTS_TIME = Duration.ofSeconds(1);

    private final Set<Member> members = new LinkedHashSet<>();
    private final Map<String, Signals.Registration> signals = new HashMap<>();
    private @Nullable Stop stop;

    /** A program, from its start to its end. */
    private record Member(Program program, Thread starter, CompletableFuture<Void> ended) {}

    /** One that a signal has asked for. */
    private record Stop(Signals.Registration signal, Set<Thread> starters, CompletableFuture<Void> passedOn) {}

    private StopSignals() {}

    /** The program starts on the calling thread, which closes this when the program has ended. */
    public static Membership forProgram(Program program) {
        var member = new Member(program, Thread.currentThread(), new CompletableFuture<>());
        OF_THIS_JVM.join(member);
        return () -> OF_THIS_JVM.leave(member);
    }

    private synchronized void join(Member member) {
        if (members.isEmpty()) {
            stop = null;
            NAMES.forEach(name -> signals.put(name, Signals.on(name, () -> arrived(name))));
        }
        members.add(member);
        if (stop != null) {
            member.program().shutdown();
        }
    }

    /** The last one waits a moment for a handler of the host's, as the process may end when it has returned. */
    private void leave(Member member) {
        var told = left(member);
        member.ended().complete(null);
        if (told != null && told.signal().isOfTheProgram()) {
            var _ = told.passedOn()
                    .completeOnTimeout(null, HOSTS_TIME.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    private synchronized @Nullable Stop left(Member member) {
        members.remove(member);
        if (!members.isEmpty()) {
            return null;
        }
        signals.values().forEach(Signals.Registration::close);
        return stop;
    }

    private void arrived(String name) {
        var begun = begin(name);
        if (begun == null) {
            kill();
            return;
        }
        for (var next = any(); next != null; next = any()) {
            if (!next.program().stopsInTime()) {
                kill();
            }
            next.ended().join();
        }
        if (begun.signal().isOfTheProgram() || !LastThreads.endByThemselves(begun.starters())) {
            begun.signal().passOn();
        }
        begun.passedOn().complete(null);
    }

    /** Null if a stop is under way already. */
    private synchronized @Nullable Stop begin(String name) {
        if (stop != null && !members.isEmpty()) {
            return null;
        }
        var starters = new LinkedHashSet<Thread>();
        var begun = new Stop(Objects.requireNonNull(signals.get(name)), starters, new CompletableFuture<>());
        stop = begun;
        for (var member : members) {
            starters.add(member.starter());
            member.program().shutdown();
        }
        return begun;
    }

    private synchronized @Nullable Member any() {
        return members.stream().findFirst().orElse(null);
    }

    private void kill() {
        try {
            List<Member> all;
            synchronized (this) {
                all = new ArrayList<>(members);
            }
            all.forEach(member -> member.program().endAtOnce());
        } finally {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
