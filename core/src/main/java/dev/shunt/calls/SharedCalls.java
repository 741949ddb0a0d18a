package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import dev.shunt.question.OfTopics;
import java.util.function.Consumer;

/** What all processes of a program share, from any worker of any process. */
public interface SharedCalls {

    /** For this package. */
    FaceState<?> state();

    /** Entries by key, under this name; may be called before the program starts. */
    default Table table(String name) {
        return new Table(state(), name);
    }

    /** A number of this name; may be called before the program starts. */
    default Atomic atomic(String name) {
        return new Atomic(state(), name);
    }

    /**
     * Tells all subscribers of a topic, in all processes; with a bus, of all nodes. What one thread publishes comes in order.
     *
     * @return how many processes of this node have subscribers
     */
    default int publish(String topic, Object message) {
        var encoded = state().encoded("publish", message);
        return state().engine().ask(new OfTopics.Publish(Names.checked("publish", topic), encoded));
    }

    /**
     * Hears what is published on a topic from now on, on the worker that calls this, in its turn: call it from {@code
     * onWorkerStart} or {@code onProcessStart}. It ends with its process. A worker for which 10,000 messages of a subscription
     * wait, or 64 MiB of them, misses more; the log says so.
     */
    default void subscribe(String topic, Consumer<? super Data> callback) {
        var given = Check.given("subscribe", callback);
        var codec = state().codec();
        state().engine().subscribe(Names.checked("subscribe", topic), data -> given.accept(data.with(codec)));
    }

    /** All subscriptions of this process to a topic end; false if there were none. */
    default boolean unsubscribe(String topic) {
        return state().engine().unsubscribe(Names.checked("unsubscribe", topic));
    }
}
