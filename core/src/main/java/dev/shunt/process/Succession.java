package dev.shunt.process;

import dev.shunt.log.Log;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Who holds one place, and who comes next. Decides when a child is started and when one leaves; its {@link Keeper} does it.
 * A place that has been served once is never given up; only its replacement is, and then who serves goes on.
 *
 * <pre>
 *   serving  coming
 *      –        –     a start waits for its back-off; or the place has ended
 *      –        c     c serves when it is ready
 *      s        –     s serves; a start waits if the one before failed
 *      s        c     s serves until c is ready, then it leaves; if s dies, c is its successor already
 * </pre>
 *
 * Children that leave belong to no place any more. Lives on the supervisor's thread.
 */
final class Succession {

    private static final Logger LOG = Log.of(Succession.class);

    /** What a succession wants done, and whom it tells. */
    interface Keeper {

        /** Starts a child, of which {@link #ready}, {@link #cannotStart} and {@link #down} are to be told. */
        Child start(ChildPlace place) throws IOException;

        /** Returns what cancels it. */
        Runnable later(Duration delay, Runnable action);

        void serves(Child child);

        /** Its successor is ready. */
        void leaves(Child child);

        /** A start that nobody needs any more. */
        void kill(Child child, String reason);

        /** The child serves on, and nothing is under way to replace it. */
        void notReplaced(Child child, String reason);

        /** The place never had a child that was ready, and gets none. */
        void neverServed(ChildPlace place, String reason);
    }

    private final ChildPlace place;
    private final RestartPolicy policy;
    private final Backoff backoff;
    private final Keeper keeper;

    private @Nullable Child serving;
    private @Nullable Child coming;
    private @Nullable Runnable cancelStart;
    private boolean everServed;
    private boolean ended;
    private int failedStarts;

    Succession(ChildPlace place, RestartPolicy policy, Keeper keeper) {
        this.place = place;
        this.policy = policy;
        this.backoff = new Backoff(policy);
        this.keeper = keeper;
    }

    /** A child has been ready here, whether one is now or not. */
    boolean hasServed() {
        return everServed;
    }

    void start() {
        cancelStart = null;
        if (ended) {
            return;
        }
        try {
            coming = keeper.start(place);
        } catch (IOException | RuntimeException | Error e) { // one that is not caught here would forget the place
            noProcess("no process can be started for " + place + ": " + e);
        }
    }

    /** Says nothing about the program: the machine is short of something, and will have it again. */
    private void noProcess(String why) {
        if (everServed) {
            startAfter(backoff.afterDeath(null), why);
        } else {
            startFailed(why);
        }
    }

    /** Nothing is known that would bring the place a child: somebody has failed to tell. */
    void startIfForgotten() {
        if (!ended && serving == null && coming == null && cancelStart == null) {
            startAfter(backoff.afterDeath(null), place + " has no child, and none is under way");
        }
    }

    /** Starts a successor for the child that serves, unless that is under way or the place has ended; false then. */
    boolean replace(Child child) {
        if (child != serving || coming != null || cancelStart != null) {
            return false;
        }
        failedStarts = 0;
        start();
        return true;
    }

    void ready(Child child) {
        if (child != coming) {
            return;
        }
        var old = serving;
        serving = child;
        coming = null;
        everServed = true;
        if (old != null) {
            keeper.leaves(old);
        }
        keeper.serves(child);
    }

    /** To start the same again would end the same: the program, or what it found, has to change first. */
    void cannotStart(Child child, String reason) {
        if (child != coming) {
            return;
        }
        if (serving != null) {
            coming = null;
            giveUpReplacing(serving, reason);
        } else if (!everServed) {
            coming = null;
            giveUp(reason);
        }
    }

    /** @param readyFor how long it had been ready; null if it never was */
    void down(Child child, @Nullable Duration readyFor, String how) {
        if (child == coming) {
            coming = null;
            if (!ended) {
                startFailed(how);
            }
        } else if (child == serving) {
            serving = null;
            if (!ended && coming == null) {
                startAfter(backoff.afterDeath(readyFor), how);
            } else if (coming != null) {
                LOG.warn("{}. Its successor {} is under way", how, coming);
            }
        }
    }

    /** Nobody is to serve here any more, and who does leaves. */
    void leave() {
        ended = true;
        cancelStart();
        var last = serving;
        serving = null;
        if (coming != null) {
            keeper.kill(coming, place + " is no more");
            coming = null;
        }
        if (last != null) {
            keeper.leaves(last);
        }
    }

    /** Starts no child any more, and stops the start of one that the place can do without. */
    void end() {
        ended = true;
        cancelStart();
        if (serving != null && coming != null) {
            keeper.kill(coming, "the program ends");
        }
    }

    private void startFailed(String why) {
        failedStarts++;
        boolean enough = failedStarts >= policy.firstStarts();
        String inARow = failedStarts + " children in a row ended before they were ready, the last one: " + why;
        if (enough && serving != null) {
            giveUpReplacing(serving, inARow);
        } else if (enough && !everServed) {
            giveUp(inARow);
        } else {
            startAfter(backoff.afterDeath(null), why);
        }
    }

    private void startAfter(Duration delay, String why) {
        cancelStart();
        LOG.warn("{}. The next child of {} starts in {} ms", why, place, delay.toMillis());
        if (delay.isZero()) {
            start();
        } else {
            cancelStart = keeper.later(delay, this::start);
        }
    }

    private void cancelStart() {
        if (cancelStart != null) {
            cancelStart.run();
            cancelStart = null;
        }
    }

    private void giveUpReplacing(Child child, String reason) {
        LOG.error("{} is not replaced and goes on serving, until it is to be replaced again: {}", child, reason);
        keeper.notReplaced(child, reason);
    }

    private void giveUp(String reason) {
        end();
        keeper.neverServed(place, reason);
    }
}
