package dev.shunt.engine.manager;

import dev.shunt.engine.LoopWatch;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long callbacks have taken in this turn of their loop. To read the clock costs as much as a small callback: the first
 * of a turn is timed alone, and then, while they are short, up to eight together. Lives on its loop.
 */
final class LoopTurn {

    private static final long TURN_NANOS = Duration.ofMillis(2).toNanos();

    private static final int MOST_TOGETHER = 8;

    /** As long as they take less than this, more are timed together. */
    private static final long SHORT_NANOS = TURN_NANOS / 4;

    private final Loop loop;
    private final LoopWatch watch;

    private long turn;
    private long spentNanos;
    private int together = 1;

    /** Of those timed together: when the first began, how many have ended, and the last of them. */
    private long beganNanos;

    private int ended;
    private @Nullable Runnable last;

    /** The one that comes begins when those before it have ended. */
    private boolean goesOn;

    private boolean endsWithTurn;

    LoopTurn(Loop loop, LoopWatch watch) {
        this.loop = loop;
        this.watch = watch;
    }

    /** It is the sockets' turn. */
    boolean isOver() {
        if (turn != loop.turn()) {
            turn = loop.turn();
            spentNanos = 0;
            together = 1;
            goesOn = false;
        }
        return spentNanos >= TURN_NANOS;
    }

    /** A callback begins. */
    void begins() {
        if (ended == 0 && !goesOn) {
            beganNanos = watch.now();
        }
    }

    void ended(Runnable callback) {
        last = callback;
        ended++;
        if (ended >= together) {
            read();
        } else if (!endsWithTurn) {
            endsWithTurn = true;
            loop.atEndOfTurn(this::endOfTurn);
        }
    }

    /** What comes now is no callback. */
    void interrupted() {
        if (ended > 0) {
            read();
        }
        goesOn = false;
    }

    private void endOfTurn() {
        endsWithTurn = false;
        interrupted();
    }

    private void read() {
        long now = watch.now();
        long took = now - beganNanos;
        watch.took(Objects.requireNonNull(last), ended - 1, took);
        spentNanos += took;
        together = took < SHORT_NANOS ? Math.min(MOST_TOGETHER, 2 * together) : 1;
        ended = 0;
        last = null;
        beganNanos = now;
        goesOn = true;
    }
}
