package dev.shunt.engine;

import dev.shunt.timer.Loop;
import java.util.concurrent.Executor;

/**
 * A slot that is an event loop. What it runs is logged if it throws, and named if it holds up the loop. It takes turns with
 * the loop's sockets.
 */
public interface OnLoop extends Executor {

    Loop loop();

    /** On the loop's own thread: at once, unless others wait or have had their turn. */
    void run(Runnable action);
}
