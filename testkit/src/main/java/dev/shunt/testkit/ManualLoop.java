package dev.shunt.testkit;

import dev.shunt.time.Nanos;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A loop without a thread: whoever steps it is its thread meanwhile, and its time is a {@link SettableClock}'s. One
 * thread only.
 */
public final class ManualLoop implements Loop {

    /** @param number keeps the order of what is due at the same time */
    private record Timer(long dueNanos, long number, Runnable command, CompletableFuture<?> handle) {}

    private final SettableClock clock;
    private final Deque<Runnable> posted = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(ManualLoop::compare);
    private long lastTimer;
    private final Deque<Runnable> endOfTurn = new ArrayDeque<>();
    private long turn;
    private boolean running;

    public ManualLoop(SettableClock clock) {
        this.clock = clock;
    }

    /** While it is stepped; and while nothing waits in it, when what the caller does overtakes nothing. */
    @Override
    public boolean inLoop() {
        return running || posted.isEmpty();
    }

    @Override
    public void execute(Runnable command) {
        posted.add(command);
    }

    @Override
    public Future<?> schedule(Runnable command, Duration delay) {
        var handle = new CompletableFuture<@Nullable Void>();
        timers.add(new Timer(clock.nanoTime() + Nanos.of(delay), ++lastTimer, command, handle));
        return handle;
    }

    private static int compare(Timer one, Timer other) {
        int byTime = Long.signum(one.dueNanos - other.dueNanos);
        return byTime == 0 ? Long.compare(one.number, other.number) : byTime;
    }

    /** Runs what it was given, without looking at the clock; true if there was anything. */
    public boolean runPosted() {
        boolean any = false;
        for (Runnable next = posted.poll(); next != null; next = posted.poll()) {
            run(next);
            any = true;
        }
        return any;
    }

    /** Runs what it was given, and what is due by the clock, until neither is left; true if there was anything. */
    public boolean runDue() {
        boolean any = runPosted();
        for (Timer next = nextDue(); next != null; next = nextDue()) {
            timers.remove(next);
            next.handle().cancel(false); // it can be cancelled no longer, and nobody waits for it
            run(next.command());
            runPosted();
            any = true;
        }
        return any;
    }

    private @Nullable Timer nextDue() {
        Timer next = next();
        return next == null || next.dueNanos() - clock.nanoTime() > 0 ? null : next;
    }

    private @Nullable Timer next() {
        while (!timers.isEmpty() && timers.peek().handle().isCancelled()) {
            timers.remove();
        }
        return timers.peek();
    }

    /** By the clock's monotonic reading; empty if nothing ever will be. */
    public OptionalLong nextDueNanos() {
        Timer next = next();
        return next == null ? OptionalLong.empty() : OptionalLong.of(next.dueNanos());
    }

    /** One for each thing that it runs. */
    @Override
    public long turn() {
        return turn;
    }

    @Override
    public void atEndOfTurn(Runnable command) {
        endOfTurn.add(command);
    }

    private void run(Runnable command) {
        boolean before = running;
        turn++;
        running = true;
        try {
            command.run();
            for (Runnable next = endOfTurn.poll(); next != null; next = endOfTurn.poll()) {
                next.run();
            }
        } finally {
            running = before;
        }
    }
}
