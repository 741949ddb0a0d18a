package dev.shunt.engine.slots;

import org.jspecify.annotations.Nullable;

/**
 * Whether the handler on one slot's thread is to end before it has. Only while a handler runs is its thread interrupted, so
 * that what the slot does between handlers, which writes files, is not. Safe for use by any thread.
 */
public final class Interruption {

    private static final long NONE = -1;

    private @Nullable Thread thread;
    private long running = NONE;
    private long wanted = NONE;

    /** On the slot, right before the handler. */
    public synchronized void begin(long lease) {
        running = lease;
        thread = Thread.currentThread();
        if (wanted == lease) {
            thread.interrupt();
        }
    }

    /** On the slot, right after the handler; a flag that it left set would cut the next thing short. */
    public synchronized void end() {
        running = NONE;
        wanted = NONE;
        Thread.interrupted();
    }

    /** The handler waits, and the slot does something else on its thread meanwhile; {@link #resume} ends that. */
    public synchronized void pause() {
        thread = null;
    }

    public synchronized void resume() {
        thread = Thread.currentThread();
        if (isWanted()) {
            thread.interrupt();
        }
    }

    /** The slot has taken this lease: interrupts its handler, or lets it begin interrupted. */
    public synchronized void interrupt(long lease) {
        wanted = lease;
        if (running == lease && thread != null) {
            thread.interrupt();
        }
    }

    /** Interrupts whatever handler runs. */
    public synchronized void interrupt() {
        if (running != NONE) {
            interrupt(running);
        }
    }

    public synchronized boolean isWanted() {
        return wanted != NONE && wanted == running;
    }
}
