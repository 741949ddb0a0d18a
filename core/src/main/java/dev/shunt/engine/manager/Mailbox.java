package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;

/** Messages for a place that no child serves: kept, within bounds, until one does. Lives on the main loop. */
final class Mailbox {

    static final int MAX_MESSAGES = 10_000;
    static final long MAX_BYTES = 64 << 20;

    private static final Logger LOG = Log.of(Mailbox.class);

    /** @param line in which it is said, as in {@link Payloads} */
    record Message(long line, Data data, Function<Payload, Frame.ToChild> frame) {}

    private final String place;
    private final List<Message> kept = new ArrayList<>();
    private long bytes;
    private long dropped;

    Mailbox(String place) {
        this.place = place;
    }

    void add(Message message) {
        if (kept.size() < MAX_MESSAGES && bytes < MAX_BYTES) {
            kept.add(message);
            bytes += message.data().bytes().length;
        } else if (dropped++ == 0) {
            LOG.warn("{} messages of {} bytes wait for a child at {}; more are dropped", kept.size(), bytes, place);
        }
    }

    int size() {
        return kept.size();
    }

    /** Hands over what was kept, in its order. */
    void empty(Consumer<Message> to) {
        if (dropped > 0) {
            LOG.warn("{} messages were dropped while there was no child at {}", dropped, place);
        }
        kept.forEach(to);
    }
}
