package dev.shunt.ipc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Threads that read a link in turn, in every order that the machine finds. */
final class ReadTokenStress {

    private ReadTokenStress() {}

    /** Two borrowers at once: what is read is in plain fields, as in the reader. Actors: whether they have read. */
    @JCStressTest
    @Outcome(id = "[01], [01], 0", expect = ACCEPTABLE, desc = "each reading has seen the ones before")
    @Outcome(expect = FORBIDDEN, desc = "two have read at once, or one has not seen what another left")
    @State
    public static class TwoBorrowers {

        private final ReadToken token = offered();
        private final Reading reading = new Reading();

        @Actor
        public void borrower(III_Result result) {
            result.r1 = borrowAndRead();
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = borrowAndRead();
        }

        private int borrowAndRead() {
            if (!token.tryBorrow()) {
                return 0;
            }
            int read = reading.read();
            token.giveBack();
            return read;
        }

        @Arbiter
        public void arbiter(III_Result result) {
            result.r3 = result.r1 + result.r2 - reading.readings;
        }
    }

    /** The owner finds that nobody has read for long, just as somebody begins to. */
    @JCStressTest
    @Outcome(id = "[01], [01], 0", expect = ACCEPTABLE, desc = "each reading has seen the ones before")
    @Outcome(expect = FORBIDDEN, desc = "both have read at once, or one has not seen what the other left")
    @State
    public static class OwnerAndBorrower {

        private final ReadToken token = offered();
        private final Reading reading = new Reading();

        @Actor
        public void borrower(III_Result result) {
            if (token.tryBorrow()) {
                result.r1 = reading.read();
                token.giveBack();
            }
        }

        @Actor
        public void owner(III_Result result) {
            if (token.reclaim(token.look())) {
                result.r2 = reading.read();
                token.offer();
            }
        }

        @Arbiter
        public void arbiter(III_Result result) {
            result.r3 = result.r1 + result.r2 - reading.readings;
        }
    }

    /** A borrower ends to read, and what comes next is the owner's to see: it must not sleep on. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the owner does not sleep, and looks again")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the owner sleeps, and is woken")
    @Outcome(expect = FORBIDDEN, desc = "the owner sleeps, and nobody wakes it: what comes next is never read")
    @State
    public static class OwnerFallsAsleep {

        private final ReadToken token = offered();

        public OwnerFallsAsleep() {
            token.tryBorrow();
        }

        @Actor
        public void borrower(II_Result result) {
            result.r1 = token.giveBack() ? 1 : 0;
        }

        @Actor
        public void owner(II_Result result) {
            result.r2 = token.awaitReturn(token.look()) ? 1 : 0;
        }
    }

    /**
     * The owner looks and looks again, as it does while the link is lent, and somebody reads and reads again. Results:
     * how often the borrower woke the owner, what the owner did after its last look, who holds the token, whether it is
     * awaited.
     */
    @JCStressTest
    @Outcome(id = "0, 0, 0, 0", expect = ACCEPTABLE, desc = "the owner will look again")
    @Outcome(id = "0, 1, 1, 0", expect = ACCEPTABLE, desc = "the owner reads")
    @Outcome(id = "1, 2, 0, 0", expect = ACCEPTABLE, desc = "the owner slept, and is woken")
    @Outcome(expect = FORBIDDEN, desc = "nobody reads, and the owner will not look")
    @State
    public static class OwnerLooks {

        private final ReadToken token = offered();

        public OwnerLooks() {
            token.tryBorrow();
        }

        @Actor
        public void borrower(IIII_Result result) {
            result.r1 = token.giveBack() ? 1 : 0;
            if (token.tryBorrow()) {
                result.r1 += token.giveBack() ? 1 : 0;
            }
        }

        @Actor
        public void owner(IIII_Result result) {
            long seen = token.look();
            for (int looks = 0; looks < 3 && result.r2 == 0; looks++) {
                long now = token.look();
                if (now != seen) {
                    seen = now;
                } else {
                    result.r2 = token.reclaim(seen) ? 1 : token.awaitReturn(seen) ? 2 : 0;
                }
            }
        }

        @Arbiter
        public void arbiter(IIII_Result result) {
            result.r3 = ReadToken.isOwned(token.look()) ? 1 : 0;
            result.r4 = token.isAwaited() ? 1 : 0;
        }
    }

    /**
     * A slot that waits for an answer calls the owner back, just as that takes the token of itself. Nobody borrows it
     * then.
     */
    @JCStressTest
    @Outcome(id = "1, 0, 1, 0", expect = ACCEPTABLE, desc = "called back: the owner is woken, and reads")
    @Outcome(id = "0, 1, 1, 0", expect = ACCEPTABLE, desc = "the owner reads already")
    @Outcome(expect = FORBIDDEN, desc = "two have given the token to the owner, or nobody has")
    @State
    public static class RecallAndReclaim {

        private final ReadToken token = offered();

        @Actor
        public void waiting(IIII_Result result) {
            result.r1 = token.recall() ? 1 : 0;
        }

        @Actor
        public void owner(IIII_Result result) {
            result.r2 = token.reclaim(token.look()) ? 1 : 0;
        }

        @Arbiter
        public void arbiter(IIII_Result result) {
            result.r3 = ReadToken.isOwned(token.look()) ? 1 : 0;
            result.r4 = token.tryBorrow() ? 1 : 0;
        }
    }

    /** A slot that waits for an answer calls the owner back, just as another begins to read, and ends. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "called back before the other began")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "called back after the other has read")
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "the other read: the owner looks in time")
    @Outcome(expect = FORBIDDEN, desc = "called back, and a borrower has the token all the same")
    @State
    public static class RecallAndBorrow {

        private final ReadToken token = offered();

        @Actor
        public void waiting(III_Result result) {
            result.r1 = token.recall() ? 1 : 0;
        }

        @Actor
        public void borrower(III_Result result) {
            if (token.tryBorrow()) {
                token.giveBack();
                result.r2 = 1;
            }
        }

        @Arbiter
        public void arbiter(III_Result result) {
            result.r3 = ReadToken.isOwned(token.look()) ? 1 : 0;
        }
    }

    /** What only one may do at once. */
    private static final class Reading {

        private static final int NOT_ALONE = 10;

        private final AtomicInteger readers = new AtomicInteger();
        private int readings;

        /** 1 if nobody else reads. */
        int read() {
            int others = readers.getAndIncrement();
            readings++;
            readers.getAndDecrement();
            return others == 0 ? 1 : NOT_ALONE;
        }
    }

    private static ReadToken offered() {
        var token = new ReadToken();
        token.offer();
        return token;
    }
}
