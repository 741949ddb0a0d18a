package dev.shunt.intake;

/** Calls back, later, whoever steps the intake. */
public interface Alarms {

    /** One that has not rung yet. */
    @FunctionalInterface
    interface Alarm {

        /** It does not ring any more. */
        void cancel();
    }

    /** Rings once, when so much time has passed, and not before this returns. */
    Alarm set(long nanos, Runnable ring);
}
