package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.Subscriptions;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.process.Child;
import dev.shunt.question.OfTopics;
import dev.shunt.timer.Loop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/** Who wants to hear of what is published: this process, and children. One frame goes to each. Any thread. */
final class Topics {

    private final Loop main;
    private final Subscriptions own = new Subscriptions();

    /** By topic and serial. */
    private final Map<String, Map<Long, Child>> children = new ConcurrentHashMap<>();

    Topics(Loop main) {
        this.main = main;
    }

    Subscriptions own() {
        return own;
    }

    void subscribe(Child child, Frame.Subscribe wanted) {
        if (wanted.on()) {
            children.computeIfAbsent(wanted.topic(), _ -> new ConcurrentHashMap<>())
                    .put(child.serial(), child);
        } else {
            forget(wanted.topic(), child);
        }
    }

    void gone(Child child) {
        children.keySet().forEach(topic -> forget(topic, child));
    }

    private void forget(String topic, Child child) {
        children.computeIfPresent(topic, (_, those) -> {
            those.remove(child.serial());
            return those.isEmpty() ? null : those;
        });
    }

    Object answer(OfTopics<?> question) {
        return switch (question) {
            case OfTopics.Publish(String topic, Data message) -> publish(topic, message);
        };
    }

    private int publish(String topic, Data message) {
        var those = children.getOrDefault(topic, Map.of()).values();
        var frame = new Frame.Published(topic, Payload.inline(message));
        int processes = those.size() + (own.deliver(topic, message) ? 1 : 0);
        if (main.inLoop()) {
            those.forEach(child -> child.send(frame));
        } else if (!those.isEmpty()) {
            try {
                main.execute(() -> those.forEach(child -> child.send(frame)));
            } catch (RejectedExecutionException e) { // the program has stopped
                return 0;
            }
        }
        return processes;
    }
}
