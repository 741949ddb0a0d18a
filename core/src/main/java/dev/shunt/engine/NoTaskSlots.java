package dev.shunt.engine;

/** A task was submitted to a program that has no slots for tasks. */
public final class NoTaskSlots extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public NoTaskSlots() {
        super("no slots for tasks; set taskWorkerNum above 0 and an onTask handler on a Server,"
                + " or construct a new Worker() with onTask, or declare handlers by type");
    }
}
