package dev.shunt.engine;

import dev.shunt.timer.Loop;
import java.util.concurrent.Executor;

/** A slot that is an event loop. What it runs is logged if it throws, and named if it holds up the loop. */
public interface OnLoop extends Executor {

    Loop loop();

    /** At once, on the loop's own thread. */
    void run(Runnable action);
}
