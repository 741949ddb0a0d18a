package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.Handle;
import dev.shunt.engine.LoopWatch;
import dev.shunt.engine.OnLoop;
import dev.shunt.engine.manager.EndedTasks.EndedTask;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.Frame;
import dev.shunt.log.Log;
import dev.shunt.task.Interest;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import dev.shunt.task.Result;
import dev.shunt.task.TaskListener;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import dev.shunt.timer.NamedAction;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Tells whoever asked for a task what becomes of it: on a slot of this process, or in a child. Lives on the main loop. */
final class Callers {

    private static final Logger LOG = Log.of(Callers.class);

    /** Tells the child that asked for a task, or its successor at that place. */
    interface ToChild {
        void tell(EndedTask ended);

        void progressed(Origin.InChild origin, TaskItem task, Data data);

        void tell(Origin.InChild origin, Frame.ToChild frame);
    }

    private final Loop loop;
    private final LoopWatch watch;
    private final ToChild toChild;

    private final UnheardResults unheard;
    private final UnheardEnds ends;

    /** What handlers of running tasks have told last, for whoever looks. */
    private final Map<Long, Data> progress = new ConcurrentHashMap<>();

    /** The latest progress of each task that its slot has not come to. */
    private final Map<Long, Data> latest = new ConcurrentHashMap<>();

    /**
     * @param maxBytes of results that may wait for a slot
     * @param hold what this one has asked for does not begin from now on, or does again
     */
    Callers(Loop loop, Clock clock, long maxBytes, ToChild toChild, BiConsumer<Object, Boolean> hold) {
        this.loop = loop;
        this.watch = new LoopWatch(clock);
        this.toChild = toChild;
        this.ends = new UnheardEnds(loop, maxBytes, hold);
        this.unheard = new UnheardResults(loop);
    }

    /** In bytes: results that slots have not come to which asked for them. */
    long unheardBytes() {
        return ends.bytes();
    }

    /** Null if it has told of none. */
    @Nullable Data progressOf(long taskId) {
        return progress.get(taskId);
    }

    /** It is over. */
    void tell(TaskItem task, Settlement settlement) {
        if (!progress.isEmpty()) {
            progress.remove(task.id());
        }
        if (settlement.outcome() == Outcome.ANSWERED) {
            return;
        }
        switch (task.origin()) {
            case Origin.Here here -> {
                var result = settlement.asResult(task.id(), task.options().context());
                if (here.listener() instanceof Handle handle) { // for which its slot may wait
                    complete(here, handle, () -> handle.ended(result));
                } else {
                    onSlot(here, task, settlement.data(), listener -> listener.ended(result));
                }
            }
            case Origin.InChild to ->
                toChild.tell(EndedTask.of(task, to, settlement, ends.add(task, settlement.data())));
            case Origin.Shared _ -> {} // by Sharing, once the queue knows
        }
    }

    /** Its handler says something and goes on. */
    void reported(TaskItem task, Report report, Data data, Reporter by) {
        if (report == Report.PROGRESSED) {
            progress.put(task.id(), data);
        }
        Runnable heard = report == Report.FINISHED ? unheard.add(task.id(), data.size(), by) : () -> {};
        switch (task.origin()) {
            case Origin.Here here -> reported(here, task, report, data, heard);
            case Origin.InChild to -> {
                if (report == Report.FINISHED) {
                    toChild.tell(EndedTask.of(task, to, Settlement.done(data), heard));
                } else {
                    toChild.progressed(to, task, data);
                }
            }
            case Origin.Shared _ -> {} // by Sharing
        }
    }

    private void reported(Origin.Here here, TaskItem task, Report report, Data data, Runnable heard) {
        if (report == Report.FINISHED) {
            var result = new Result.Done(task.id(), data, task.options().context());
            onSlot(here, task, listener -> {
                heard.run();
                listener.finished(result);
            });
        } else if (latest.put(task.id(), data)
                == null) { // else the slot has not come to the one before, and hears this
            onSlot(here, task, listener -> {
                var newest = latest.remove(task.id());
                if (newest != null) {
                    listener.progressed(newest);
                }
            });
        }
    }

    /** The log has it, or cannot take it; only a handle wants to know. */
    void stored(TaskItem task, @Nullable IOException problem) {
        if (task.origin().interest() == Interest.HANDLE) {
            switch (task.origin()) {
                case Origin.Here here ->
                    complete(here, here.listener(), () -> here.listener().stored(problem));
                case Origin.InChild to ->
                    taken(
                            to,
                            new Frame.TaskStored(
                                    task.id(), to.slot(), problem == null ? "" : String.valueOf(problem.getMessage())));
                case Origin.Shared _ -> {} // its node stores it
            }
        }
    }

    /** It has been taken in, or stored. */
    void taken(Origin.InChild origin, Frame.ToChild frame) {
        toChild.tell(origin, frame);
    }

    /** At once, for a thread may wait for it; but on this loop in its turn, with what follows from it. */
    private void complete(Origin.Here here, Object handle, Runnable completion) {
        if (here.slot() instanceof OnLoop on && on.loop().equals(loop)) {
            on.run(new Completion(handle, completion));
        } else {
            watch.complete(handle, completion);
        }
    }

    private void onSlot(Origin.Here here, TaskItem task, Consumer<TaskListener> event) {
        onSlot(here, task, null, event);
    }

    /**
     * At once if the slot is the main loop itself, which has no other slot to wait for.
     *
     * @param last the task's result, if this is its end
     */
    private void onSlot(Origin.Here here, TaskItem task, @Nullable Data last, Consumer<TaskListener> event) {
        if (here.slot() instanceof OnLoop on && on.loop().equals(loop)) {
            on.run(new TaskCallback(here, task.id(), null, event));
        } else {
            Runnable heard = last == null ? null : ends.add(task, last);
            here.slot().execute(new TaskCallback(here, task.id(), heard, event));
        }
    }

    private record Completion(Object handle, Runnable completion) implements NamedAction {

        @Override
        public void run() {
            completion.run();
        }

        @Override
        public String kind() {
            return "a callback";
        }

        @Override
        public String toString() {
            return "a callback of " + handle;
        }
    }

    /** @param heard to be run when its slot has come to it, whatever follows */
    private record TaskCallback(
            Origin.Here here, long taskId, @Nullable Runnable heard, Consumer<TaskListener> event)
            implements NamedAction {

        @Override
        public void run() {
            if (heard != null) {
                heard.run();
            }
            try {
                event.accept(here.listener());
            } catch (Throwable e) { // the program's own code; the slot goes on with the next thing
                FatalErrors.letOn(e);
                LOG.error("{} threw", this, e);
            }
        }

        @Override
        public String kind() {
            return "the callback";
        }

        @Override
        public String toString() {
            return kind() + " of task " + taskId;
        }
    }
}
