package dev.shunt.engine.manager;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.LoopWatch;
import dev.shunt.engine.OnLoop;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A slot that is an event loop: its callbacks, in their order. When they have taken a while, the loop's sockets have their
 * turn before the next one. Any thread, but for what says so.
 */
final class LoopSlot implements OnLoop {

    private final Loop loop;
    private final LoopWatch watch;
    private final LoopTurn turn;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();

    /** The loop will look at the inbox. */
    private final AtomicBoolean looking = new AtomicBoolean();

    /** A callback runs; the loop's thread only. */
    private boolean running;

    /** Whom its callbacks work for, once it has started. */
    private volatile @Nullable CurrentEngine current;

    LoopSlot(Loop loop, LoopWatch watch, LoopTurn turn) {
        this.loop = loop;
        this.watch = watch;
        this.turn = turn;
    }

    void startsFor(CurrentEngine engine) {
        current = engine;
    }

    /** Runs on its loop what is no callback and is timed by the caller; callbacks that follow from it are part of it. */
    void handle(Runnable handler) {
        turn.interrupted();
        setCurrent();
        boolean before = running;
        running = true;
        try {
            handler.run();
        } finally {
            running = before;
        }
    }

    /** On another thread, which may wait: what it asks for comes back to this slot. */
    void handleElsewhere(Runnable handler) {
        CurrentEngine engine = current;
        if (engine != null) {
            CurrentEngine.set(new CurrentEngine(engine.engine(), engine.slot(), this, true, engine.callbacks()));
        }
        handler.run();
    }

    private void setCurrent() {
        CurrentEngine engine = current;
        if (engine != null) {
            CurrentEngine.set(engine);
        }
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
        } else if (looking.get() || turn.isOver()) {
            execute(action);
        } else {
            runNow(action);
        }
    }

    private void look() {
        if (turn.isOver()) {
            var _ = loop.schedule(this::look, Duration.ZERO); // which is after its sockets
            return;
        }
        looking.set(false);
        for (Runnable next = inbox.poll(); next != null; next = turn.isOver() ? null : inbox.poll()) {
            runNow(next);
        }
        if (!inbox.isEmpty() && looking.compareAndSet(false, true)) {
            look();
        }
    }

    private void runNow(Runnable action) {
        setCurrent();
        turn.begins();
        running = true;
        try {
            watch.run(action);
        } finally {
            running = false;
        }
        turn.ended(action);
    }
}
