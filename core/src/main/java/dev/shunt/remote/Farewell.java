package dev.shunt.remote;

import dev.shunt.remote.ControlException.Kind;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Has a program stop, and waits until it is gone: until its lock is free, whatever its pid may be by then. Says meanwhile
 * what it waits for. For one use.
 */
public final class Farewell {

    /** What a program that is told to stop may take beyond its own deadline. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** Between the end of its lock and that of its process. */
    private static final Duration LAST_MOMENT = Duration.ofSeconds(5);

    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

    private final RunningProgram program;
    private final boolean graceful;
    private final Optional<Duration> timeout;
    private final Consumer<String> say;
    private final Clock clock = Clock.system();
    private String waitsFor = "";

    /**
     * @param graceful what is queued is finished and connections end by themselves
     * @param timeout after which a graceful stop becomes an ordinary one, and an ordinary one is waited for no longer
     * @param say is given lines for people
     */
    public Farewell(RunningProgram program, boolean graceful, Optional<Duration> timeout, Consumer<String> say) {
        this.program = program;
        this.graceful = graceful;
        this.timeout = timeout;
        this.say = say;
    }

    /**
     * Returns when it is gone.
     *
     * @throws ControlException if it does not stop, or not all had ended by themselves, in that time
     */
    public void stop() throws ControlException {
        var process = ProcessHandle.of(program.pid());
        try (var lock = FileChannel.open(program.directory().resolve("lock"), StandardOpenOption.READ)) {
            var asked = ask(graceful ? gracefully() : Map.of());
            say.accept(program.name() + " (pid " + program.pid() + ") stops" + (graceful ? ", gracefully" : "")
                    + (waitsFor.isEmpty() ? "" : "; it waits for " + waitsFor));
            var own = Duration.ofMillis((long) (asked.fraction("timeout_seconds") * 1_000))
                    .plus(GRACE);
            var patience = graceful ? timeout.map(own::plus) : Optional.of(timeout.orElse(own));
            long began = clock.nanoTime();
            await(free(lock), patience, began);
            process.ifPresent(Farewell::awaitEnd);
            sayIfNotGraceful(Duration.ofNanos(clock.nanoTime() - began));
        } catch (IOException e) {
            throw new ControlException(Kind.NOT_RUNNING, "not running: " + program.name() + " has stopped meanwhile");
        }
    }

    private Map<String, Object> gracefully() {
        var body = new LinkedHashMap<String, Object>();
        body.put("graceful", true);
        timeout.ifPresent(time -> body.put("timeout_seconds", time.toMillis() / 1_000.0));
        return body;
    }

    private Json ask(Map<String, Object> body) throws ControlException {
        var answer = program.client().post("/stop", body).orFail().json();
        waitsFor = String.join(", ", answer.texts("waits_for"));
        return answer;
    }

    private static CompletableFuture<Void> free(FileChannel file) {
        var free = new CompletableFuture<Void>();
        Thread.ofPlatform().daemon().name("lock").start(() -> {
            try (var _ = file.lock(0, Long.MAX_VALUE, true)) {
                free.complete(null);
            } catch (IOException e) { // nobody waits any longer
                free.completeExceptionally(e);
            }
        });
        return free;
    }

    private void await(CompletableFuture<Void> free, Optional<Duration> patience, long began) throws ControlException {
        while (true) {
            var left = patience.map(most -> most.minusNanos(clock.nanoTime() - began))
                    .orElse(ASK_AGAIN);
            if (left.isNegative()) {
                throw new ControlException(
                        Kind.TIMED_OUT,
                        program.name() + " (pid " + program.pid() + ") has not stopped within "
                                + patience.orElseThrow().toMillis() + " ms, and is still at it"
                                + (waitsFor.isEmpty() ? "" : "; it waits for " + waitsFor));
            }
            if (isDone(free, left.compareTo(ASK_AGAIN) < 0 ? left : ASK_AGAIN)) {
                return;
            }
            sayWhatChanged();
        }
    }

    private void sayWhatChanged() {
        String before = waitsFor;
        try {
            ask(Map.of());
        } catch (ControlException e) {
            return; // its socket has gone already, and the lock goes next
        }
        if (!waitsFor.equals(before) && !waitsFor.isEmpty()) {
            say.accept("it waits for " + waitsFor);
        }
    }

    private void sayIfNotGraceful(Duration took) throws ControlException {
        if (graceful && timeout.isPresent() && took.compareTo(timeout.get()) > 0) {
            throw new ControlException(
                    Kind.TIMED_OUT,
                    program.name() + " has stopped, but not gracefully: not all had ended within "
                            + timeout.get().toMillis() + " ms"
                            + (waitsFor.isEmpty() ? "" : "; it waited for " + waitsFor));
        }
    }

    private static boolean isDone(CompletableFuture<Void> free, Duration wait) {
        try {
            free.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | InterruptedException e) {
            return true;
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException | InterruptedException e) {
            // another container's, or one that does something else after it has stopped
        }
    }
}
