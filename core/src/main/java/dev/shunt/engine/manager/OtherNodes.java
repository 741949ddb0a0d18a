package dev.shunt.engine.manager;

import dev.shunt.net.CloseStatus;
import dev.shunt.question.OfMembers;
import dev.shunt.question.OfTopics;
import dev.shunt.stats.Stats;
import java.io.IOException;

/** The other nodes of the fleet, as this one reaches them. Never waits; safe for use by any thread. */
interface OtherNodes extends AutoCloseable {

    /** A program that is alone. */
    OtherNodes NONE = new OtherNodes() {
        @Override
        public int node() {
            return 0;
        }

        @Override
        public boolean send(long id, Object message) {
            return false;
        }

        @Override
        public boolean close(long id, CloseStatus why) {
            return false;
        }

        @Override
        public boolean abort(long id) {
            return false;
        }

        @Override
        public void sendToMany(OfMembers.Send message) {}

        @Override
        public void publish(OfTopics.Publish message) {}

        @Override
        public Stats.Bus stats() {
            return Stats.Bus.NONE;
        }

        @Override
        public void close() {}
    };

    /** This node's number; 0 if it is alone. */
    int node();

    /** To a connection that is not here; false if it cannot be another node's, or the message is dropped. */
    boolean send(long id, Object message);

    /** As {@link #send}. */
    boolean close(long id, CloseStatus why);

    /** As {@link #send}. */
    boolean abort(long id);

    /** What this node's own connections have been sent. */
    void sendToMany(OfMembers.Send message);

    /** What this node's own subscribers have been told. */
    void publish(OfTopics.Publish message);

    Stats.Bus stats();

    @Override
    void close() throws IOException;
}
