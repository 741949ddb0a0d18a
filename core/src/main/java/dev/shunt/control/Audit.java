package dev.shunt.control;

import dev.shunt.log.Log;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;

/** Who did what: each action is a line at INFO in the logger {@code audit}, and told to whoever listens. Any thread. */
public final class Audit {

    private static final Logger LOG = Log.named("audit");

    private final List<Consumer<Entry>> listeners = new CopyOnWriteArrayList<>();

    /** @param done what it did, or why it did nothing */
    public record Entry(Instant at, String actor, String action, String what, String done) {}

    void tell(Entry entry) {
        LOG.info("{} {} {} -> {}", entry.actor(), entry.action(), entry.what(), entry.done());
        listeners.forEach(listener -> listener.accept(entry));
    }

    /** Returns what ends it. */
    public Runnable listen(Consumer<Entry> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
