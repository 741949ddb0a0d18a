package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.log.Log;
import dev.shunt.plan.Slot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Messages of other slots for one slot of a child, in their order. A child is given a few at a time, and more when it has
 * come to them; while no child serves the slot, all of them wait. How many there may be is the business of {@link Posts}.
 * Lives on the main loop.
 */
final class Mailbox {

    static final int MAX_GIVEN = 256;
    static final long MAX_GIVEN_BYTES = 1 << 20;

    private static final Logger LOG = Log.of(Mailbox.class);

    /** @param over once: the slot has come to it, or never will */
    record Message(int source, Data data, Runnable over) {

        int bytes() {
            return data.size();
        }
    }

    private final Slot slot;
    private final Deque<Message> waiting = new ArrayDeque<>();
    /** To children, by serial, that have not said that their slot has come to them. */
    private final Map<Long, Given> given = new HashMap<>();

    private static final class Given {
        final Deque<Message> messages = new ArrayDeque<>();
        long bytes;

        boolean mayBeMore() {
            return messages.isEmpty() || (messages.size() < MAX_GIVEN && bytes < MAX_GIVEN_BYTES);
        }

        void over(Message message) {
            bytes -= message.bytes();
            message.over().run();
        }
    }

    Mailbox(Slot slot) {
        this.slot = slot;
    }

    /** In which they are sent, as in {@link Payloads}. */
    long line() {
        return Payloads.toSlot(slot.id());
    }

    void add(Message message) {
        waiting.add(message);
    }

    /** How many no child has been given. */
    int size() {
        return waiting.size();
    }

    /** Gives the child that serves the slot what it may have. */
    void empty(long child, Consumer<Message> to) {
        if (waiting.isEmpty()) {
            return;
        }
        var itsOwn = given.computeIfAbsent(child, _ -> new Given());
        while (!waiting.isEmpty() && itsOwn.mayBeMore()) {
            var next = waiting.remove();
            itsOwn.messages.add(next);
            itsOwn.bytes += next.bytes();
            to.accept(next);
        }
    }

    /** The slot is no more: what waits for it is lost. */
    void isNoMore() {
        if (!waiting.isEmpty()) {
            LOG.warn(
                    "{} messages for worker {} are lost: its group has fewer workers now", waiting.size(), slot.id());
        }
        while (!waiting.isEmpty()) {
            waiting.remove().over().run();
        }
    }

    /** The slot of that child has come to the next one. */
    void read(long child) {
        var itsOwn = given.get(child);
        if (itsOwn != null && !itsOwn.messages.isEmpty()) {
            itsOwn.over(itsOwn.messages.remove());
        }
    }

    /** It could not be given after all. */
    void lost(long child, Message message) {
        var itsOwn = given.get(child);
        if (itsOwn != null && itsOwn.messages.remove(message)) {
            itsOwn.over(message);
        }
    }

    /** The child is gone. */
    void down(long child) {
        var itsOwn = given.remove(child);
        if (itsOwn != null && !itsOwn.messages.isEmpty()) {
            LOG.warn(
                    "{} messages for worker {} had been given to a child that is gone; those that it had not come to are lost",
                    itsOwn.messages.size(),
                    slot.id());
            itsOwn.messages.forEach(itsOwn::over);
        }
    }
}
