package dev.shunt.task;

/** What {@link Task#finish} returns. A handler that returns it has no further result: {@code task -> task.finish("x")}. */
public final class Finished {

    static final Finished INSTANCE = new Finished();

    private Finished() {}

    @Override
    public String toString() {
        return "finished";
    }
}
