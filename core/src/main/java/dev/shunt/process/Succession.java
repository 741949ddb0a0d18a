package dev.shunt.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who holds one place: its current child, or the wait for the next one. Lives on the supervisor's thread. */
final class Succession {

    private final ChildPlace place;
    private final RestartPolicy policy;
    private final Backoff backoff;

    private @Nullable Child current;
    private @Nullable Runnable cancelPending;
    private boolean everReady;
    private boolean ended;
    private int failedStarts;

    Succession(ChildPlace place, RestartPolicy policy) {
        this.place = place;
        this.policy = policy;
        this.backoff = new Backoff(policy);
    }

    ChildPlace place() {
        return place;
    }

    /** Whether this child's death leaves the place empty. */
    boolean isHeldBy(Child child) {
        return current == child;
    }

    void heldBy(Child child) {
        current = child;
        cancelPending = null;
    }

    /** Nobody, until the start that this cancels. */
    void waits(Runnable cancelStart) {
        current = null;
        cancelPending = cancelStart;
    }

    void becameReady() {
        everReady = true;
    }

    /** No child any more, and none to come. */
    void end() {
        ended = true;
        if (cancelPending != null) {
            cancelPending.run();
            cancelPending = null;
        }
    }

    boolean hasEnded() {
        return ended;
    }

    boolean wasEverReady() {
        return everReady;
    }

    /** Counts a child that died before it was ready; true if the place never had a ready one and is to be given up. */
    boolean startFailedOnceMore() {
        failedStarts++;
        return !everReady && failedStarts >= policy.firstStarts();
    }

    Duration delayAfter(@Nullable Duration readyFor) {
        return backoff.afterDeath(readyFor);
    }
}
