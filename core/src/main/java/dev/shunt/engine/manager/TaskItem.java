package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.intake.Submitted;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.ipc.WorkKind;
import dev.shunt.task.Interest;
import dev.shunt.task.StoredTask;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHeaders;
import dev.shunt.task.TaskOptions;
import dev.shunt.time.Nanos;
import java.time.Instant;
import java.util.Optional;

/**
 * A task, as the manager knows it.
 *
 * @param source id of the slot that asked
 * @param acceptedAtMillis epoch milliseconds
 * @param acceptedNanos the same by the monotonic clock, exactly if its options have a delay or a deadline, else as of its
 *     turn of the loop
 * @param stored whether the log keeps it until it is settled
 * @param recovered whether it was accepted by an earlier run, or was a dead letter: whoever asked is gone
 * @param bytes that it takes in memory
 */
record TaskItem(
        long id,
        Submission task,
        int source,
        Origin origin,
        long acceptedAtMillis,
        long acceptedNanos,
        boolean stored,
        boolean recovered,
        int bytes)
        implements WorkItem, Submitted {

    /** What a task takes in memory beside its payload: itself, its options, and its places in queues and maps. */
    private static final int OVERHEAD = 256;

    private static final Submission NO_PAYLOAD = Submission.untyped(Data.empty(), TaskOptions.DEFAULT);

    TaskItem(
            long id,
            Submission task,
            int source,
            Origin origin,
            long acceptedAtMillis,
            long acceptedNanos,
            boolean stored,
            boolean recovered) {
        this(id, task, source, origin, acceptedAtMillis, acceptedNanos, stored, recovered, bytesOf(task));
    }

    @Override
    public String toString() {
        return "task " + id;
    }

    @Override
    public TaskOptions options() {
        return task.options();
    }

    @Override
    public WorkKind kind() {
        return WorkKind.TASK;
    }

    @Override
    public long subject() {
        return id;
    }

    @Override
    public Data data() {
        return task.data();
    }

    @Override
    public boolean isInline() {
        return Payloads.isSmall(data());
    }

    @Override
    public LeaseTerms terms(int localSlot) {
        return new LeaseTerms(task.type(), localSlot, deadlineMillis(), fence(), origin.interest(), headers());
    }

    /** As an attempt of its handler hears of them. */
    TaskHeaders headers() {
        var headers = options().headers();
        if (headers.isEmpty()) {
            return TaskHeaders.NONE;
        }
        boolean late = recovered
                || !options().delay().isZero()
                || options().at().isPresent()
                || headers.containsKey(TaskHeaders.SCHEDULE);
        return new TaskHeaders(headers, late);
    }

    /** 0 if nodes do not share it. */
    int fence() {
        return origin instanceof Origin.Shared shared ? shared.lease().fence() : 0;
    }

    @Override
    public Optional<Frame.ToChild> introduction(long childSerial) {
        return Optional.empty();
    }

    @SuppressWarnings("ReferenceEquality") // the very one that stands for none
    private static int bytesOf(Submission task) {
        if (task == NO_PAYLOAD) {
            return 0;
        }
        var options = task.options();
        long all = (long) OVERHEAD + task.data().size() + options.context().size() + options.headersLength();
        return (int) Math.min(Integer.MAX_VALUE, all);
    }

    @Override
    public boolean cancellable() {
        return origin.interest() == Interest.HANDLE;
    }

    /** The same task, as long as the log has it alone. */
    TaskItem withoutPayload() {
        return new TaskItem(id, NO_PAYLOAD, source, origin, acceptedAtMillis, acceptedNanos, true, recovered);
    }

    /** The same task, of which nothing but its end is to be told. */
    TaskItem withoutData() {
        var nothing = new Submission(Data.empty(), task.type(), options());
        return new TaskItem(id, nothing, source, origin, acceptedAtMillis, acceptedNanos, false, false);
    }

    /** The same task, no longer or not yet in the log. */
    TaskItem unstored() {
        return new TaskItem(id, task, source, origin, acceptedAtMillis, acceptedNanos, false, false);
    }

    TaskItem inLog() {
        return new TaskItem(id, task, source, origin, acceptedAtMillis, acceptedNanos, true, recovered);
    }

    /** When its first attempt may start, by the monotonic clock. */
    long dueNanos() {
        return options().delay().isZero()
                ? acceptedNanos
                : acceptedNanos + Nanos.of(options().delay());
    }

    /** Of a task that a log keeps, whose type has the group's number. */
    static TaskItem of(StoredTask stored, Submission task, Origin origin, long acceptedNanos, boolean recovered) {
        return new TaskItem(
                stored.id(),
                task,
                stored.source(),
                stored.options().unique().isEmpty() ? origin : origin.toldOnce(),
                stored.acceptedAtMillis(),
                acceptedNanos,
                true,
                recovered);
    }

    /** In epoch milliseconds; 0 if it has none, as most have, for which no time need be reckoned. */
    private long deadlineMillis() {
        return options().deadline().isEmpty()
                ? 0
                : deadline().map(Instant::toEpochMilli).orElse(0L);
    }

    Optional<Instant> deadline() {
        var accepted = Instant.ofEpochMilli(acceptedAtMillis);
        return options().deadline().map(after -> accepted.plusNanos(Nanos.of(after)));
    }

    StoredTask toStore(String typeName, int attempts, long dueAtMillis) {
        return new StoredTask(id, typeName, data(), options(), source, acceptedAtMillis, attempts, dueAtMillis);
    }
}
