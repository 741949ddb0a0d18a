package dev.shunt.process;

/**
 * What a child does about signals. INT and HUP it ignores: the terminal sends them to the whole foreground group, and
 * the manager, which gets them too, says what happens next. TERM is for this child: it asks to leave, in order. A child
 * that does not come to its end that way is killed by its manager, and one whose manager is gone sees its link end.
 */
public final class ChildSignals {

    private ChildSignals() {}

    /**
     * Stands for the life of the process. {@code onTerminate} sends {@code Leaving} and returns; the manager answers
     * with {@code Stop}.
     */
    @SuppressWarnings("resource")
    public static void install(Runnable onTerminate) {
        Signals.on("INT", () -> {});
        Signals.on("HUP", () -> {});
        Signals.on("TERM", onTerminate);
    }
}
