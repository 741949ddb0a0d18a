package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.manager.EndedTasks.EndedTask;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.Frame;
import dev.shunt.task.Interest;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import dev.shunt.task.Result;
import dev.shunt.task.TaskListener;
import dev.shunt.timer.Loop;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import dev.shunt.log.Log;

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
    private final ToChild toChild;

    Callers(Loop loop, ToChild toChild) {
        this.loop = loop;
        this.toChild = toChild;
    }

    /** It is over. */
    void tell(TaskItem task, Settlement settlement) {
        if (settlement.outcome() == Outcome.ANSWERED) {
            return;
        }
        switch (task.origin()) {
            case Origin.Here here ->
                onSlot(
                        here,
                        listener -> listener.ended(
                                settlement.asResult(task.id(), task.options().context())));
            case Origin.InChild to -> toChild.tell(new EndedTask(task, to, settlement));
        }
    }

    /** Its handler says something and goes on. */
    void reported(TaskItem task, Report report, Data data) {
        switch (task.origin()) {
            case Origin.Here here ->
                onSlot(here, listener -> {
                    if (report == Report.FINISHED) {
                        listener.finished(
                                new Result.Done(task.id(), data, task.options().context()));
                    } else {
                        listener.progressed(data);
                    }
                });
            case Origin.InChild to -> {
                if (report == Report.FINISHED) {
                    toChild.tell(new EndedTask(task, to, Settlement.done(data)));
                } else {
                    toChild.progressed(to, task, data);
                }
            }
        }
    }

    /** The log has it, or cannot take it; only a handle wants to know. */
    void stored(TaskItem task, @Nullable IOException problem) {
        if (task.origin().interest() == Interest.HANDLE) {
            switch (task.origin()) {
                case Origin.Here here -> onSlot(here, listener -> listener.stored(problem));
                case Origin.InChild to ->
                    taken(
                            to,
                            new Frame.TaskStored(
                                    task.id(), to.slot(), problem == null ? "" : String.valueOf(problem.getMessage())));
            }
        }
    }

    /** It has been taken in, or stored. */
    void taken(Origin.InChild origin, Frame.ToChild frame) {
        toChild.tell(origin, frame);
    }

    /** At once if the slot is the main loop itself, which has no other slot to wait for. */
    @SuppressWarnings("ReferenceEquality") // the very loop is meant
    private void onSlot(Origin.Here here, Consumer<TaskListener> event) {
        if (here.slot() == loop) {
            tell(here, event);
        } else {
            here.slot().execute(() -> tell(here, event));
        }
    }

    private static void tell(Origin.Here here, Consumer<TaskListener> event) {
        try {
            event.accept(here.listener());
        } catch (Throwable e) { // the program's own code; the slot goes on with the next thing
            LOG.error("a callback for a task threw", e);
        }
    }
}
