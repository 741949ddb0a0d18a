package dev.shunt.ipc;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Who may read a {@link BlockingLink}: one thread at a time. Its owner, the thread in {@link BlockingLink#run}, or, while
 * it offers the token, any other that borrows it. Only the methods below change the state; none waits. What a reader
 * leaves in plain fields is seen by the next one.
 *
 * <pre>
 *            offer              tryBorrow             awaitReturn
 *   OWNED ───────────► OFFERED ───────────► BORROWED ─────────────► AWAITED
 *     ▲                 │   ▲                  │                      │
 *     └─────────────────┘   └──────────────────┴──────────────────────┘
 *       reclaim, recall                giveBack, which tells whether the owner sleeps
 * </pre>
 *
 * The owner looks at an offered token from time to time ({@link #look}), and {@link #reclaim}s it if nobody has read
 * since. So a token that nobody holds is always one that the owner will look at: it sleeps only in AWAITED.
 */
final class ReadToken {

    /** The owner reads. */
    private static final long OWNED = 0;

    /** Nobody reads; who has the time may borrow it. */
    private static final long OFFERED = 1;

    /** A borrower reads. */
    private static final long BORROWED = 2;

    /** A borrower reads, and the owner sleeps until that gives the token back. */
    private static final long AWAITED = 3;

    private static final long STATES = 4;

    /** The state, and above it how often a borrower has taken the token or given it back: what a {@link #look} compares. */
    private final AtomicLong stateAndSteps = new AtomicLong(OWNED);

    /** The owner, who holds it: others may read. */
    void offer() {
        stateAndSteps.set(in(OFFERED, stateAndSteps.get()));
    }

    /** Whether the caller, who is not the owner, now holds the token. */
    boolean tryBorrow() {
        while (true) {
            long now = stateAndSteps.get();
            if (state(now) != OFFERED) {
                return false;
            }
            if (stateAndSteps.compareAndSet(now, in(BORROWED, now + STATES))) {
                return true;
            }
        }
    }

    /** The borrower has read; true if the owner sleeps and must be woken. */
    boolean giveBack() {
        long borrowed = stateAndSteps.get(); // its steps are the caller's: nobody else changes them meanwhile
        return state(stateAndSteps.getAndSet(in(OFFERED, borrowed + STATES))) == AWAITED;
    }

    /** For somebody who wants a frame to be read, and does not read: true if nobody did, and the owner now has to. */
    boolean recall() {
        while (true) {
            long now = stateAndSteps.get();
            if (state(now) != OFFERED) {
                return false;
            }
            if (stateAndSteps.compareAndSet(now, in(OWNED, now))) {
                return true;
            }
        }
    }

    /** For the owner, to be told from what it will see later: the same look means that no borrower has come or gone. */
    long look() {
        return stateAndSteps.get();
    }

    static boolean isOwned(long look) {
        return state(look) == OWNED;
    }

    /** The owner takes the token, unless somebody has borrowed it since that look; true if it holds it now. */
    boolean reclaim(long look) {
        return state(look) == OFFERED && stateAndSteps.compareAndSet(look, in(OWNED, look));
    }

    /** The owner may sleep until it is woken, if the borrower of that look still reads; see {@link #giveBack}. */
    boolean awaitReturn(long look) {
        return state(look) == BORROWED && stateAndSteps.compareAndSet(look, in(AWAITED, look));
    }

    /** Whether the owner, which sleeps, may go on sleeping. */
    boolean isAwaited() {
        return state(stateAndSteps.get()) == AWAITED;
    }

    private static long state(long stateAndSteps) {
        return stateAndSteps % STATES;
    }

    private static long in(long state, long stateAndSteps) {
        return stateAndSteps - state(stateAndSteps) + state;
    }
}
