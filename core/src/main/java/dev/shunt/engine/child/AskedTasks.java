package dev.shunt.engine.child;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.Handle;
import dev.shunt.engine.LoopWatch;
import dev.shunt.engine.NoTaskSlots;
import dev.shunt.engine.QueueWait;
import dev.shunt.engine.SlotCallbacks;
import dev.shunt.engine.TaskIds;
import dev.shunt.engine.Waiter;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.WhenFull;
import dev.shunt.task.Interest;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskListener;
import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tasks that slots and threads of this child ask for, and how each one's end comes back to whoever asked. What a slot
 * did not hear before the child died, its successor does. Safe for use by any thread.
 */
final class AskedTasks {

    private static final Logger LOG = Log.of(AskedTasks.class);

    private final Clock clock = Clock.system();
    private final LoopWatch watch = new LoopWatch(clock);
    private final Plan plan;
    private final boolean mayWait;
    private final ManagerLink manager;
    private final PayloadFiles files;
    private final Codec codec;
    private final TaskIds ids;
    private final ToIntFunction<String> slotsNow;
    private final Map<Long, TaskListener> listeners = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Void>> roomFor = new ConcurrentHashMap<>();
    /** The latest progress of each task that its slot has not come to. */
    private final Map<Long, Frame.TaskProgressed> latest = new ConcurrentHashMap<>();

    private final Map<Long, Waiter> waiters = new ConcurrentHashMap<>();

    /**
     * @param mayWait whether slots of this child may wait for room: not those for tasks, on which that room may depend
     * @param slotsNow asks how many slots a group has
     */
    AskedTasks(
            Plan plan,
            boolean mayWait,
            ManagerLink manager,
            PayloadFiles files,
            TaskIds ids,
            ToIntFunction<String> slotsNow) {
        this.slotsNow = slotsNow;
        this.plan = plan;
        this.mayWait = mayWait;
        this.manager = manager;
        this.files = files;
        this.codec = plan.codec();
        this.ids = ids;
    }

    // Asking

    /** @param slot of this child, counted from 0, which hears of the end */
    long submit(Submission task, int slot, @Nullable TaskListener listener) {
        long id = ids.next();
        boolean streamed = listener == null && task.options().unique().isEmpty();
        return submit(task, id, slot, streamed ? Interest.RESULTS : Interest.END, listener);
    }

    TaskHandle start(Submission task, int slot, SlotCallbacks callbacks) {
        long id = ids.next();
        var handle = new Handle(task, callbacks, taskId -> manager.tell(new Frame.Cancel(taskId))).withId(id);
        submit(task, id, slot, Interest.HANDLE, handle);
        return handle;
    }

    /** Waits for room if the plan says so. */
    private long submit(Submission task, long id, int slot, Interest interest, @Nullable TaskListener listener) {
        var frame = frame(task, id, slot, interest);
        if (listener != null) {
            listeners.put(id, listener);
        }
        if (plan.settings().queue().whenFull() != WhenFull.WAIT || !mayWait) {
            manager.tell(frame);
            return id;
        }
        var room = new CompletableFuture<Void>();
        roomFor.put(id, room);
        manager.tell(frame);
        manager.recall();
        QueueWait.await(room, () -> manager.tell(new Frame.Withdraw(id)));
        roomFor.remove(id);
        return id;
    }

    private Frame.Submit frame(Submission task, long id, int slot, Interest interest) {
        var route = plan.taskTypes().route(task.type()).orElseThrow(NoTaskSlots::new);
        task.options().slot().ifPresent(wanted -> check(plan.groups().get(route.group()), wanted));
        var encoded = task.encoded();
        return new Frame.Submit(
                id, route.group(), slot, interest, route.type(), encoded.options(), files.pack(encoded.data()));
    }

    /** Of one that is beyond the plan only the manager knows whether it is there. */
    private void check(Group group, int slot) {
        if (slot >= group.slots()) {
            group.checkSlot(slot, slotsNow.applyAsInt(group.name()));
        }
    }

    List<Result> await(List<Submission> tasks, Duration timeout) {
        long end = clock.nanoTime() + Nanos.of(timeout);
        var waiters = tasks.stream().map(Waiter::new).toList();
        long[] taskIds = tasks.stream().mapToLong(_ -> ids.next()).toArray();
        var results = new ArrayList<Result>();
        try {
            for (int i = 0; i < waiters.size(); i++) {
                this.waiters.put(taskIds[i], waiters.get(i));
                manager.tell(frame(tasks.get(i), taskIds[i], Frame.NO_SLOT, Interest.END));
            }
            manager.recall();
            for (int i = 0; i < waiters.size(); i++) {
                results.add(waiters.get(i).await(taskIds[i], end - clock.nanoTime()));
            }
        } finally {
            for (int i = 0; i < waiters.size(); i++) {
                this.waiters.remove(taskIds[i]);
            }
        }
        return results;
    }

    // Ends

    /** A task that a thread of this child waits for, or no longer waits for, has ended. */
    void awaitedEnded(Frame.TaskEnded frame) {
        manager.tell(new Frame.Acknowledged(frame.taskId()));
        Waiter waiter = waiters.remove(frame.taskId());
        if (waiter == null || !waiter.complete(() -> result(frame))) {
            files.discard(frame.payload());
        }
    }

    /**
     * A task has ended that a slot asked for, which may wait for its handle: that hears of it at once. What is read from a
     * file is read elsewhere.
     *
     * @param onSlot has {@link #ended} called there
     */
    void arrived(Frame.TaskEnded frame, Runnable onSlot) {
        if (!(listeners.get(frame.taskId()) instanceof Handle handle)) {
            onSlot.run();
        } else if (frame.payload().isSmall() && frame.context().isSmall()) {
            watch.complete(handle, () -> handle.ended(result(frame)));
            onSlot.run();
        } else {
            Thread.ofVirtual().name("shunt-result-reader").start(() -> {
                handle.ended(result(frame));
                onSlot.run();
            });
        }
    }

    /** On the slot that asked for the task, or on its successor, which has no listener for it. */
    void ended(Frame.TaskEnded frame) {
        TaskListener listener = listeners.remove(frame.taskId());
        try {
            if (!(listener instanceof Handle)) { // whose callbacks have been here before
                (listener == null ? plan.hooks().tasks() : listener).ended(result(frame));
            }
        } catch (Throwable e) { // the program's own code; the slot goes on with the next thing
            LOG.error("the callback of task {} threw", frame.taskId(), e);
        } finally {
            manager.tell(new Frame.Acknowledged(frame.taskId()));
        }
    }

    /** Whether the slot that asked is to be told: else it has not come to the one before, and hears this instead. */
    boolean progressCame(Frame.TaskProgressed frame) {
        var before = latest.put(frame.taskId(), frame);
        if (before != null) {
            files.discard(before.payload());
        }
        return before == null;
    }

    /** On the slot that asked for the task; its successor has no listener for it. */
    void progressed(long taskId) {
        var frame = latest.remove(taskId);
        TaskListener listener = listeners.get(taskId);
        if (frame == null) {
            return;
        }
        if (listener == null) {
            files.discard(frame.payload());
        } else {
            Data progress = files.unpack(frame.payload(), codec);
            try {
                listener.progressed(progress);
            } catch (Throwable e) { // as above
                LOG.error("the callback of task {} threw", frame.taskId(), e);
            }
        }
    }

    void stored(Frame.TaskStored frame) {
        TaskListener listener = listeners.get(frame.taskId());
        if (listener != null) {
            listener.stored(frame.problem().isEmpty() ? null : new IOException(frame.problem()));
        }
    }

    void taken(long taskId) {
        var room = roomFor.get(taskId);
        if (room != null) {
            room.complete(null);
        }
    }

    /** A slot listens for the end of a task; nobody would if this process ended now. */
    boolean awaitsResults() {
        return !listeners.isEmpty();
    }

    private Result result(Frame.TaskEnded frame) {
        Data context = files.unpack(frame.context(), codec);
        try {
            Data data = files.unpack(frame.payload(), codec);
            return Settlement.of(frame.outcome(), data).asResult(frame.taskId(), context);
        } catch (UncheckedIOException e) {
            return new Result.Lost(frame.taskId(), String.valueOf(e.getMessage()), context);
        }
    }
}
