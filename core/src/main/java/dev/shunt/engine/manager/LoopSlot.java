package dev.shunt.engine.manager;

import dev.shunt.engine.OnLoop;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A slot that is an event loop: its callbacks, in their order. When they have taken a while, the loop's sockets have their
 * turn before the next one. Any thread, but for what says so.
 */
final class LoopSlot implements OnLoop {

    private static final long TURN_NANOS = Duration.ofMillis(2).toNanos();

    private final Loop loop;
    private final LoopWatch watch;
    private final Runnable entering;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();

    /** The loop will look at the inbox. */
    private final AtomicBoolean looking = new AtomicBoolean();

    // The loop's thread only
    private boolean running;
    private long spentNanos;

    /** @param entering on the loop, before it runs something for this slot */
    LoopSlot(Loop loop, LoopWatch watch, Runnable entering) {
        this.loop = loop;
        this.watch = watch;
        this.entering = entering;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public void execute(Runnable action) {
        inbox.add(action);
        if (looking.compareAndSet(false, true)) {
            loop.execute(this::look);
        }
    }

    @Override
    public void run(Runnable action) {
        if (running) {
            action.run(); // what follows from a callback is part of it
        } else if (spentNanos < TURN_NANOS && inbox.isEmpty()) {
            runNow(action);
        } else {
            execute(action);
        }
    }

    private void look() {
        looking.set(false);
        while (spentNanos < TURN_NANOS) {
            Runnable next = inbox.poll();
            if (next == null) {
                return;
            }
            runNow(next);
        }
    }

    private void runNow(Runnable action) {
        entering.run();
        running = true;
        long took;
        try {
            took = watch.run(action);
        } finally {
            running = false;
        }
        boolean over = spentNanos < TURN_NANOS && spentNanos + took >= TURN_NANOS;
        spentNanos += took;
        if (over) {
            var _ = loop.schedule(this::nextTurn, Duration.ZERO); // which is after its sockets
        }
    }

    private void nextTurn() {
        spentNanos = 0;
        look();
    }
}
