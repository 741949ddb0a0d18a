package dev.shunt.launch;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.engine.child.ChildProcess;
import dev.shunt.log.Log;
import dev.shunt.plan.Plan;
import dev.shunt.process.ChildIdentity;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * A child on its way through {@code main}, which may start several programs: the one that this child is of runs here. Those
 * that had ended when it was started, end at once in the same way; the others stay where they are for the life of the
 * process, as in the manager. For any thread.
 */
final class ChildLaunch {

    private static final Logger LOG = Log.of(ChildLaunch.class);

    /** Within which a child says hello, if its manager's machine is not very busy. */
    private static final long USUAL_SECONDS = 5;

    private final ChildIdentity identity;
    private final Optional<Replay> replay;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    ChildLaunch(ChildIdentity identity, Optional<Replay> replay) {
        this.identity = identity;
        this.replay = replay;
    }

    ChildIdentity identity() {
        return identity;
    }

    /** Whether {@link #run} would serve that program. */
    boolean isOf(Start start) {
        return !taken.get()
                && replay.map(told -> told.own().equals(start) || told.mayBeOwn(start))
                        .orElse(true);
    }

    /** Returns only if that program had ended when this child's was started. */
    void run(Plan plan, Start start, Consumer<Engine> onEngine) {
        if (CurrentEngine.orNull() != null) {
            throw new IllegalStateException(start + " cannot be started in a child, which " + identity
                    + " is: a handler or a callback called its start(); start it in main, or in the manager, with"
                    + " inProcess(true) or a childMain");
        }
        if (isOwn(start) && !taken.getAndSet(true)) {
            reached.countDown();
            ChildProcess.run(plan, identity, onEngine);
        }
        var how = replay.flatMap(told -> Optional.ofNullable(told.ended().get(start)));
        if (how.isEmpty()) {
            stay(plan, start, onEngine);
        } else if (!how.get().equals(Replay.RETURNED)) {
            throw new IllegalStateException(how.get());
        }
    }

    /** Whether the program had ended in the manager, so that main may have gone on to end it. */
    boolean hasEnded(Start start) {
        return replay.map(told -> told.ended().containsKey(start)).orElse(false);
    }

    private boolean isOwn(Start start) {
        return replay.map(told -> told.own().equals(start)).orElse(true);
    }

    private void stay(Plan plan, Start start, Consumer<Engine> onEngine) {
        boolean waited = false;
        while (true) {
            try {
                if (waited) {
                    end.await();
                } else if (!reached.await(USUAL_SECONDS, TimeUnit.SECONDS)) {
                    warn(start);
                    if (replay.map(told -> told.mayBeOwn(start)).orElse(false) && !taken.getAndSet(true)) {
                        ChildProcess.run(plan, identity, onEngine);
                    }
                }
                waited = true;
            } catch (InterruptedException e) {
                LOG.debug("start() does not end of an interrupt, here as in the manager", e);
            }
        }
    }

    private void warn(Start other) {
        LOG.warn(
                "{} has come to the start() of {}, but not to its own, which is that of {}, made by thread '{}'. A child"
                        + " runs main, and callbacks of other programs do not run in it: main must not wait for them, and"
                        + " what has the same address must be made by one thread, or by threads with fixed names. Where"
                        + " that cannot be, name a childMain",
                identity,
                other,
                replay.map(told -> told.own().toString()).orElse("the first"),
                replay.map(told -> told.own().thread()).orElse("any"));
    }
}
