package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame.Job;

/** What work is about, for those who run it and those who hear of its end. */
sealed interface Errand {

    Job job();

    /** The number of the task or of the connection. */
    long subject();

    Data data();

    /** @param source id of the slot that asked */
    record TaskErrand(long id, Data data, int source, Origin origin) implements Errand {

        @Override
        public Job job() {
            return Job.TASK;
        }

        @Override
        public long subject() {
            return id;
        }
    }

    /** @param data the packet of a message, else empty */
    record ConnectionErrand(Accepted connection, Job job, Data data) implements Errand {

        @Override
        public long subject() {
            return connection.id();
        }
    }
}
