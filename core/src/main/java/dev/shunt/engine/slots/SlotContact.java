package dev.shunt.engine.slots;

import java.util.function.BooleanSupplier;

/** How slots talk to whoever gives them leases, if that is another process. */
public interface SlotContact {
    SlotContact NONE = new SlotContact() {
        @Override
        public void flush() {}

        @Override
        public void flushSoon() {}

        @Override
        public void recall() {}

        @Override
        public boolean read(BooleanSupplier nothingElse) {
            return false;
        }

        @Override
        public void wakeUp() {}
    };

    /** What slots have said goes out: called before a slot waits. */
    void flush();

    /** The same, if the slot has more to do. */
    void flushSoon();

    /** A slot waits for what comes in by others: whose job it is to read shall not wait for slots to do it. */
    void recall();

    /**
     * Waits on a slot's thread for what comes in, and hands it over; false, at once, if that is another thread's job.
     *
     * @param nothingElse asked when it is this thread's turn, right before it waits: no {@link #wakeUp} is missed
     *     from then on
     */
    boolean read(BooleanSupplier nothingElse);

    /** Ends a {@link #read} that waits, or the next one. */
    void wakeUp();
}
