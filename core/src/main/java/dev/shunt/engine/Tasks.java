package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.dispatch.Terms;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.Children.EndedTask;
import dev.shunt.engine.Errand.TaskErrand;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.Outcome;
import dev.shunt.netty.Loop;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manager's tasks: takes them in, and brings each one's result to where it was asked for. Ids come from any thread, all
 * else happens on the main loop.
 */
final class Tasks {

    private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);

    /** Tells the child at a place, or its successor, how a task of it ended. */
    interface ToChild {
        void tell(int group, int child, EndedTask ended);
    }

    private final GroupRun run;
    private final Loop loop;
    private final Parcels parcels;
    private final ToChild toChild;
    private final AtomicLong nextId = new AtomicLong();
    private final LongAdder submitted = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    Tasks(GroupRun run, Loop loop, Parcels parcels, ToChild toChild) {
        this.run = run;
        this.loop = loop;
        this.parcels = parcels;
        this.toChild = toChild;
    }

    /** From any thread. */
    long submit(Data data, TaskOptions options, int source, Origin origin) {
        long id = nextId.getAndIncrement();
        var work = Work.<Errand>task(new TaskErrand(id, data, source, origin), Terms.of(options, 0, 0));
        if (loop.inLoop()) {
            submit(work);
        } else {
            fromElsewhere(work);
        }
        return id;
    }

    private void fromElsewhere(Work<Errand> work) {
        try {
            loop.execute(() -> submit(work));
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the program has stopped and takes no more tasks", e);
        }
    }

    /** A task that a child asked for, under the id the child gave it. */
    void submitFromChild(Frame.Submit frame, int source, Origin origin) {
        parcels.unpack(
                frame.parcel(),
                data -> submit(Work.task(
                        new TaskErrand(frame.taskId(), data, source, origin),
                        Terms.of(
                                TaskOptions.retries(frame.retries()).backoff(Duration.ofNanos(frame.backoffNanos())),
                                0,
                                0))),
                problem -> {
                    submitted.increment();
                    ended(new TaskErrand(frame.taskId(), Data.empty(), source, origin), Settlement.rejected(problem));
                });
    }

    private void submit(Work<Errand> work) {
        submitted.increment();
        run.dispatcher().submit(work);
    }

    void ended(TaskErrand task, Settlement settlement) {
        count(settlement.outcome());
        deliver(task, settlement);
    }

    private void deliver(TaskErrand task, Settlement settlement) {
        switch (task.origin()) {
            case Origin.Here here -> onSlot(here, settlement.asResult(task.id()));
            case Origin.InChild to ->
                toChild.tell(to.group(), to.child(), new EndedTask(task.id(), to.slot(), settlement));
        }
    }

    /** At once if the slot is the main loop itself, which has no other slot to wait for. */
    private void onSlot(Origin.Here here, Result result) {
        if (here.slot() == loop) {
            accept(here.result(), result);
        } else {
            here.slot().execute(() -> accept(here.result(), result));
        }
    }

    private static void accept(Consumer<Result> consumer, Result result) {
        try {
            consumer.accept(result);
        } catch (Throwable e) { // the program's own code; the slot goes on with the next thing
            LOG.error("the callback for task {} threw", result.taskId(), e);
        }
    }

    long submitted() {
        return submitted.sum();
    }

    long done() {
        return done.sum();
    }

    long failed() {
        return failed.sum();
    }

    long lost() {
        return lost.sum();
    }

    long rejected() {
        return rejected.sum();
    }

    private void count(Outcome outcome) {
        switch (outcome) {
            case DONE -> done.increment();
            case FAILED -> failed.increment();
            case LOST, TIMED_OUT, CANCELLED -> lost.increment();
            case REJECTED -> rejected.increment();
        }
    }
}
