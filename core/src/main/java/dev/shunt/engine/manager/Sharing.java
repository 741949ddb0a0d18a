package dev.shunt.engine.manager;

import dev.shunt.control.Inspection;
import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.dispatch.Ending;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.log.Log;
import dev.shunt.plan.Plan;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.WhenFull;
import dev.shunt.stats.Stats;
import dev.shunt.task.Durability;
import dev.shunt.task.Interest;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Entry;
import dev.shunt.task.TaskQueue.Lease;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.task.TaskQueue.SharedTask;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Durable tasks that nodes share, as their askers see them: offers them to the queue in place of the log, and tells whoever
 * asked how they ended, wherever they ran. What this node runs of them is in {@link SharedRuns}. Lives on the main loop.
 *
 * <pre>
 *   Tasks.accept ──► offer ──► queue ──► (any node) ──► ended ──► told
 * </pre>
 */
final class Sharing implements SharedIntake {

    private static final Logger LOG = Log.of(Sharing.class);

    /** How long a task waits to be stored before its caller hears that it is not. */
    static final Duration STORE_PATIENCE = Duration.ofSeconds(30);

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A task that was submitted here. */
    private static final class Asked {

        private final Tasks tasks;
        private final TaskItem item;

        /** What it is the task of, if that is a schedule. */
        private final @Nullable Occurrence due;

        private boolean stored;

        private Asked(Tasks tasks, TaskItem item, @Nullable Occurrence due) {
            this.tasks = tasks;
            this.item = item;
            this.due = due;
        }
    }

    private record WaitsForRoom(Asked asked, Runnable taken) {}

    private final TaskQueue queue;
    private final SharedRuns runs;
    private final Loop loop;
    private final Clock clock;
    private final QueueLimit limit;
    private final Codec codec;
    private final LoopInbox inbox;
    private final Map<Long, Asked> asked = new HashMap<>();

    /** When each was offered that the queue has not answered, in that order. */
    private final Map<Long, Long> unanswered = new LinkedHashMap<>();

    private final Deque<WaitsForRoom> waiting = new ArrayDeque<>();

    /** What the task is of that is being submitted. */
    private @Nullable Occurrence submitting;

    private boolean looks;
    private boolean stopping;
    private int entries;
    private boolean givenUp;

    /** Submitted since the queue last counted. */
    private long sinceCount;

    private TaskQueue.Counts counted = TaskQueue.Counts.NONE;

    Sharing(TaskQueue queue, SharedRuns runs, LoopInbox inbox, Plan plan, Loop loop, Clock clock) {
        this.queue = queue;
        this.runs = runs;
        this.inbox = inbox;
        this.loop = loop;
        this.clock = clock;
        this.limit = plan.settings().queue();
        this.codec = plan.codec();
    }

    // In

    @Override
    public void offer(Tasks tasks, TaskItem item, @Nullable Runnable taken) {
        var task = new Asked(tasks, item, submitting);
        if (stopping) {
            reject(task, Result.Rejected.STOPPING);
        } else if (item.options().slot().isPresent()) {
            refuse(
                    task,
                    "it is for slot " + item.options().slot().getAsInt() + " of this program, and nodes share it:"
                            + " leave the slot out, or submit it with Durability.MEMORY");
        } else if (isFull() && limit.whenFull() == WhenFull.WAIT && taken != null) {
            waiting.add(new WaitsForRoom(task, taken));
            look();
            return;
        } else if (isFull() && limit.whenFull() != WhenFull.SPILL) {
            refuse(task, "the queue is full: " + limit.maxTasks() + " tasks wait for a slot of the fleet already");
        } else {
            offer(task);
        }
        if (taken != null) {
            taken.run();
        }
    }

    /** A schedule has no task this time, on no node. */
    private void refuse(Asked task, String why) {
        if (task.due != null) {
            skip(task.due);
        }
        reject(task, why);
    }

    @SuppressWarnings("ReferenceEquality") // another count of the same numbers is another count
    private boolean isFull() {
        var now = queue.counts();
        if (now != counted) { // a new count
            counted = now;
            sinceCount = unanswered.size();
        }
        return now.ready() + sinceCount >= limit.maxTasks();
    }

    private void offer(Asked task) {
        var item = task.item;
        asked.put(item.id(), task);
        unanswered.put(item.id(), clock.nanoTime());
        sinceCount++;
        look();
        var entry = new Entry.Offered(new SharedTask(
                item.id(),
                SharedRuns.typeName(task.tasks, item),
                item.data(),
                item.options(),
                item.source(),
                item.origin().interest() == Interest.HANDLE,
                task.due));
        append(entry, item.options().durability(), answer -> offered(task, answer));
    }

    void append(Entry entry, Durability durability, Consumer<Answer> then) {
        entries++;
        queue.append(
                entry,
                durability,
                answer -> inbox.add(() -> {
                    entries--;
                    then.accept(answer);
                }));
    }

    private void append(Entry entry, Consumer<Answer> then) {
        append(entry, Durability.DISK, then);
    }

    private void offered(Asked task, Answer answer) {
        long id = task.item.id();
        unanswered.remove(id);
        switch (answer) {
            case Answer.Kept _ -> {
                task.stored = true;
                task.tasks.callers().stored(task.item, null);
                if (stopping) {
                    keep(task);
                }
            }
            case Answer.Refused(String why) -> {
                if (asked.remove(id) != null) {
                    reject(task, why);
                }
            }
            case Answer.Failed(IOException problem) -> notStored(task, problem);
            case Answer.Fenced _, Answer.Fires _ -> throw new IllegalStateException("no answer to a task: " + answer);
        }
    }

    private void notStored(Asked task, IOException problem) {
        if (asked.remove(task.item.id()) != null) {
            task.tasks.callers().stored(task.item, problem);
            reject(task, "it cannot be stored: " + problem.getMessage());
        }
    }

    /** Not before the call that submitted it has returned. */
    private static void reject(Asked task, String why) {
        task.tasks.run().later(() -> task.tasks.settlements().tellOfOther(task.item, Settlement.rejected(why)));
    }

    /** Each second, while something waits. */
    private void look() {
        if (!looks) {
            looks = true;
            var _ = loop.schedule(
                    () -> {
                        looks = false;
                        letIn();
                        giveUpUnanswered();
                        if (!unanswered.isEmpty() || !waiting.isEmpty()) {
                            look();
                        }
                    },
                    LOOK);
        }
    }

    private void letIn() {
        while (!waiting.isEmpty() && (stopping || !isFull())) {
            var next = waiting.remove();
            offer(next.asked.tasks, next.asked.item, next.taken);
        }
    }

    /** The queue may have it all the same, and then it is taken back, unless it has begun by then. */
    private void giveUpUnanswered() {
        long latest = clock.nanoTime() - STORE_PATIENCE.toNanos();
        var late = new ArrayList<Long>();
        for (var offer : unanswered.entrySet()) {
            if (offer.getValue() - latest > 0) {
                break;
            }
            late.add(offer.getKey());
        }
        for (long id : late) {
            unanswered.remove(id);
            Asked task = asked.get(id);
            if (task != null && task.due == null) { // else nobody waits for that, and its time would have no task
                append(new Entry.Withdrawn(id), _ -> {});
                notStored(
                        task,
                        new IOException("the task queue has not answered for " + STORE_PATIENCE.toSeconds() + " s"));
            }
        }
    }

    /** The thread that waits for room was interrupted. */
    void withdraw(long taskId) {
        var all = List.copyOf(waiting);
        for (var task : all) {
            if (task.asked.item.id() == taskId) {
                waiting.remove(task);
                reject(task.asked, "whoever waited for room for it was interrupted");
                task.taken.run();
            }
        }
    }

    // Out

    /** What this node has run, and was submitted here: the queue knows. */
    void endedHere(Lease lease, SharedTask shared, Settlement settlement) {
        Asked task = asked.remove(lease.taskId());
        if (task != null) {
            task.tasks.settlements().tellOfOther(task.item, settlement);
        } else if (lease.asker() == 0) {
            tellNobody(lease.taskId(), shared.type(), shared.options().context(), shared.source(), settlement);
        }
    }

    void ended(List<TaskQueue.Ended> ended) {
        for (var end : ended) {
            Asked task = asked.remove(end.taskId());
            var data = end.outcome() == Outcome.DONE ? end.data().with(codec) : end.data();
            var settlement = Settlement.of(end.outcome(), data);
            if (task != null) {
                task.tasks.settlements().tellOfOther(task.item, settlement);
            } else if (end.adopted()) {
                tellNobody(end.taskId(), end.type(), end.context(), end.source(), settlement);
            } else {
                LOG.debug("task {} has ended, and whoever asked has been told otherwise", end.taskId());
            }
            append(new Entry.Told(end.taskId()), _ -> {});
        }
    }

    /** Whoever asked is gone with its node, or nobody did: the program's hooks hear of it. */
    private void tellNobody(long taskId, String type, Data context, int source, Settlement settlement) {
        var tasks = runs.tasksOf(type);
        var submission = new Submission(
                Data.empty(), SharedRuns.type(tasks, type), TaskOptions.DEFAULT.context(context.with(codec)));
        var item = new TaskItem(taskId, submission, source, runs.nobody(), clock.epochMillis(), 0, false, true);
        tasks.settlements().tellOfOther(item, settlement);
    }

    void progressed(long taskId, Data progress) {
        Asked task = asked.get(taskId);
        if (task != null) {
            task.tasks.callers().reported(task.item, Report.PROGRESSED, progress.with(codec), _ -> {});
        }
    }

    /** Whether it was submitted here and is not over. */
    boolean knows(long taskId) {
        return asked.containsKey(taskId);
    }

    void cancel(long taskId, Consumer<Boolean> known) {
        append(
                new Entry.CancelAsked(taskId),
                answer -> known.accept(answer instanceof Answer.Kept(boolean here) && here));
    }

    // Dead letters

    void rerun(long taskId, CompletableFuture<Boolean> answer) {
        letter(taskId, new Entry.Revived(taskId), answer);
    }

    void discard(long taskId, CompletableFuture<Boolean> answer) {
        letter(taskId, new Entry.Discarded(taskId), answer);
    }

    private void letter(long taskId, Entry entry, CompletableFuture<Boolean> done) {
        append(entry, answer -> {
            switch (answer) {
                case Answer.Kept(boolean found) -> done.complete(found);
                case Answer.Failed(IOException problem) -> done.completeExceptionally(problem);
                case Answer.Refused(String why) ->
                    done.completeExceptionally(
                            new IllegalStateException("task " + taskId + " stays a dead letter: " + why));
                case Answer.Fenced _, Answer.Fires _ -> done.complete(false);
            }
        });
    }

    // Schedules

    /** Whether this node submits the task of a schedule that is due. */
    void due(Occurrence occurrence, Consumer<Answer> then) {
        append(new Entry.Due(occurrence), then);
    }

    /** What is submitted within is the task of a schedule. */
    long submit(Occurrence occurrence, LongSupplier submission) {
        submitting = occurrence;
        try {
            return submission.getAsLong();
        } finally {
            submitting = null;
        }
    }

    void skip(Occurrence occurrence) {
        append(new Entry.Skipped(occurrence), _ -> {});
    }

    // The end

    /** Nothing is let in any more; the queue keeps what it has. */
    void stop() {
        stopping = true;
        letIn();
        for (var task : List.copyOf(asked.values())) {
            if (task.stored && !runs.has(task.item.id())) {
                keep(task);
            }
        }
        runs.stop();
    }

    private void keep(Asked task) {
        if (!runs.has(task.item.id()) && asked.remove(task.item.id()) != null) {
            tellKept(task);
        }
    }

    /** It ran here, and goes back: it is not over. */
    void keptHere(long taskId) {
        Asked task = asked.remove(taskId);
        if (task != null) {
            tellKept(task);
        }
    }

    private static void tellKept(Asked task) {
        task.tasks.run().later(() -> task.tasks.settlements().tellOfOther(task.item, Settlement.of(new Ending.Kept())));
    }

    /** Nothing is under way to the queue. */
    boolean isIdle() {
        return givenUp || entries == 0;
    }

    /** The deadline of the stop has passed: what the queue has not answered is no longer waited for. */
    void giveUp() {
        if (!isIdle()) {
            LOG.error(
                    "the task queue does not answer, and the program stops without it; it may keep or miss {} entries",
                    entries);
        }
        givenUp = true;
        for (var task : List.copyOf(asked.values())) {
            if (asked.remove(task.item.id()) != null) {
                if (task.stored) {
                    tellKept(task);
                } else {
                    reject(task, Result.Rejected.STOPPING);
                }
            }
        }
    }

    // In numbers

    /** Submitted here or anywhere, and not running: of all nodes as of the last count, and at least what was submitted here. */
    long waits() {
        long here = asked.keySet().stream().filter(id -> !runs.has(id)).count() + runs.waits();
        return Math.max(here, queue.counts().waiting()) + waiting.size();
    }

    TaskQueue queue() {
        return queue;
    }

    SharedRuns runs() {
        return runs;
    }

    List<Inspection.Node> nodes() {
        return queue.nodes().stream()
                .map(node -> new Inspection.Node(
                        node.node(),
                        node.name(),
                        node.node() == queue.node(),
                        node.sinceSeconds(),
                        node.beatSeconds(),
                        node.load().slots(),
                        node.load().busy(),
                        node.load().leased(),
                        node.load().ended(),
                        node.load().fenced(),
                        node.types()))
                .toList();
    }

    Stats.Fleet stats() {
        var now = queue.counts();
        return new Stats.Fleet(
                queue.node(), now.nodes(), runs.fenced(), now.waiting(), now.leased(), runs.isReachable());
    }
}
