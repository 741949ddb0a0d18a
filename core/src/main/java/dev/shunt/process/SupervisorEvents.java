package dev.shunt.process;

import dev.shunt.ipc.Frame.FromChild;

/**
 * What happens to children, always on the supervisor's thread. An exception thrown out of these is a bug: it is logged,
 * and where a frame was the cause, that child's link is closed, and so the child replaced.
 */
public interface SupervisorEvents {

    /** Its process is there, and has said nothing yet. */
    default void started(Child child) {}

    /** The child takes leases from now on; the one before it at this place, if it lives, is {@link #retiring} already. */
    void ready(Child child);

    /** A frame that is not about the child's own life; of a child that is greeted, maybe not ready yet. */
    void received(Child child, FromChild.Work frame);

    /** No more leases for this child: it finishes what runs and ends. Its successor is {@link #ready} at once. */
    void retiring(Child child);

    /** A retiring child has not ended by its deadline. What it runs is to be given up now: in a moment it is killed. */
    void overdue(Child child);

    /** No successor of the child could be started, for this reason, which is logged: it serves on. */
    void notReplaced(Child child, String reason);

    /**
     * The child is gone, every frame of it was delivered and its slot table is final; it can be read until this
     * returns. The exit is in words, such as "killed by signal 9 (SIGKILL)" or "exit code 1". Called for children that
     * never were ready as well.
     */
    void down(Child child, String exit);

    /** A child was refused because it runs another program than the manager; in the lines of the difference. */
    void shapeDiffers(ChildPlace place, String diff);

    /** A place that never had a ready child has none now and gets none: the program cannot start, and here is why. */
    void startFailed(ChildPlace place, String reason);

    /** The file of the socket that children call is gone, so that none can be started until there is one again. */
    default void socketGone() {}
}
