package dev.shunt.engine.manager;

import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Effects;
import dev.shunt.dispatch.Work;
import dev.shunt.ipc.Frame;
import java.util.function.Consumer;

/**
 * Who runs a group's leases: children, or slots in the manager's process. Called on the manager's main loop only; what each
 * call asks for stands at {@link Effects}.
 */
interface SlotHost<P> {

    void lease(ChildLoad<P> child, long lease, Work<P> work);

    void takeBack(ChildLoad<P> child, int count);

    void interrupt(ChildLoad<P> child, long lease);

    boolean replace(ChildLoad<P> child, String why);

    boolean wornOut(ChildLoad<P> child);

    /** Tells the child process of that serial, if there is one. */
    default void tell(long childSerial, Frame.ToChild frame) {}

    long runningNanos(ChildLoad<P> child, long lease);

    /** What its slots run now, as far as they have told. */
    default void running(Consumer<RunningWork<P>> each) {}
}
