package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.log.Log;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * What this process wants to hear of what is published, each on the slot that asked. A slot that does not come to what waits
 * for it misses more, and the log says so. Safe for use by any thread.
 */
public final class Subscriptions {

    private static final Logger LOG = Log.of(Subscriptions.class);

    private static final class Subscription {

        private final Executor slot;
        private final Consumer<? super Data> listener;
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicLong waitingBytes = new AtomicLong();
        private volatile boolean missed;

        Subscription(Executor slot, Consumer<? super Data> listener) {
            this.slot = slot;
            this.listener = listener;
        }

        void deliver(String topic, Data message) {
            int size = message.size();
            if (waiting.get() >= MessageRoom.MAX_MESSAGES
                    || (waiting.get() > 0 && waitingBytes.get() + size > MessageRoom.MAX_BYTES)) {
                if (!missed) {
                    missed = true;
                    LOG.warn(
                            "a subscriber of '{}' misses messages: {} wait for its worker, with {} bytes",
                            topic,
                            waiting,
                            waitingBytes);
                }
                return;
            }
            waiting.incrementAndGet();
            waitingBytes.addAndGet(size);
            slot.execute(() -> {
                waitingBytes.addAndGet(-size);
                if (waiting.decrementAndGet() == 0) {
                    missed = false;
                }
                listener.accept(message);
            });
        }
    }

    private final Map<String, List<Subscription>> byTopic = new ConcurrentHashMap<>();

    /** @return whether it is the first of its topic */
    public boolean add(String topic, Executor slot, Consumer<? super Data> listener) {
        var one = List.of(new Subscription(slot, listener));
        var now = byTopic.merge(
                topic,
                one,
                (before, more) -> Stream.concat(before.stream(), more.stream()).toList());
        return now.size() == 1;
    }

    /** None of that topic any more; whether there was one. */
    public boolean removeAll(String topic) {
        return byTopic.remove(topic) != null;
    }

    /** Whether anybody here wanted to hear it. */
    public boolean deliver(String topic, Data message) {
        var those = byTopic.getOrDefault(topic, List.of());
        those.forEach(subscription -> subscription.deliver(topic, message));
        return !those.isEmpty();
    }
}
