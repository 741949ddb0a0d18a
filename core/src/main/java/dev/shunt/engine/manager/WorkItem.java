package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.intake.Submitted;
import dev.shunt.ipc.WorkKind;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.task.Interest;
import dev.shunt.task.StoredTask;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskOptions;
import java.time.Instant;
import java.util.Optional;

/** What work is about, for those who run it and those who hear of its end. */
sealed interface WorkItem {

    WorkKind kind();

    /** The number of the task or of the connection. */
    long subject();

    Data data();

    /**
     * @param source id of the slot that asked
     * @param acceptedAtMillis epoch milliseconds
     * @param stored whether the log keeps it until it is settled
     * @param recovered whether it was accepted by an earlier run, or was a dead letter: whoever asked is gone
     */
    record TaskItem(
            long id,
            Submission task,
            int source,
            Origin origin,
            long acceptedAtMillis,
            boolean stored,
            boolean recovered)
            implements WorkItem, Submitted {

        private static final Submission NO_PAYLOAD = Submission.untyped(Data.empty(), TaskOptions.DEFAULT);

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
        public boolean cancellable() {
            return origin.interest() == Interest.HANDLE;
        }

        /** The same task, as long as the log has it alone. */
        TaskItem withoutPayload() {
            return new TaskItem(id, NO_PAYLOAD, source, origin, acceptedAtMillis, true, recovered);
        }

        /** The same task, no longer or not yet in the log. */
        TaskItem unstored() {
            return new TaskItem(id, task, source, origin, acceptedAtMillis, false, false);
        }

        TaskItem inLog() {
            return new TaskItem(id, task, source, origin, acceptedAtMillis, true, recovered);
        }

        Optional<Instant> deadline() {
            return options().deadline().map(Instant.ofEpochMilli(acceptedAtMillis)::plus);
        }

        /** @param localSlot of the child that gets it, if only that one may run it; else -1 */
        LeaseTerms terms(int localSlot) {
            return new LeaseTerms(
                    task.type(),
                    localSlot,
                    deadline().map(Instant::toEpochMilli).orElse(0L),
                    origin.interest());
        }

        StoredTask toStore(String typeName, int attempts, long dueAtMillis) {
            return new StoredTask(id, typeName, data(), options(), source, acceptedAtMillis, attempts, dueAtMillis);
        }
    }

    /** @param data the packet of a message, else empty */
    record ConnectionItem(DispatchedConnection connection, WorkKind kind, Data data) implements WorkItem {

        @Override
        public long subject() {
            return connection.id();
        }
    }
}
