package dev.shunt.engine.slots;

import dev.shunt.engine.Engine;
import dev.shunt.plan.Group;
import dev.shunt.plan.Slot;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The slots of one group in one process: what runs leases, one at a time each, and things of its own in turn with them. */
public interface Slots {

    /** Something a slot does. */
    interface Leased {

        int ANY_SLOT = -1;

        long lease();

        /** The only slot, among those that are here, that may take it, or {@link #ANY_SLOT}. */
        int slot();

        /** Nobody has leased it: it is this process's own, and cannot be taken back. */
        default boolean isOwn() {
            return false;
        }

        /** @param index of the slot that runs it, among those that are here */
        void run(int index, Interruption interruption);

        /** Instead of {@link #run}: it goes back to whoever gave it. */
        default void givenBack() {}
    }

    /** Makes slots, which do not run yet. */
    interface Factory {
        Slots of(Group group, List<Slot> slots);
    }

    /** Starts all slots; done when every start callback has returned, or failed with what the first one threw. */
    CompletableFuture<Void> start(Engine engine);

    void add(Leased lease);

    /** Removes up to {@code count} leases that no slot has taken, the youngest first, those for one slot only last. */
    List<Long> takeBack(int count);

    /** Ends a lease soon: true if no slot had taken it and none will; else its handler is interrupted, if it still runs. */
    boolean interrupt(long lease);

    /** Asks what still runs to give up; for slots that did not end in time. */
    void interrupt();

    /** Runs things on one slot's thread, in turn with its leases. */
    Executor slot(int index);

    /**
     * There are these from now on, of which the first are those that there were. One that is no more ends what it runs, and
     * what it is given then is another's. Done when start callbacks of new ones have returned, with the leases for slots that
     * are no more, which have not started.
     */
    default CompletableFuture<List<Long>> resize(List<Slot> now) {
        throw new IllegalStateException("the number of these slots is fixed");
    }

    /** Drops what no slot has taken, lets slots finish what they run and what is theirs to do, and ends them. */
    CompletableFuture<Void> stop();
}
