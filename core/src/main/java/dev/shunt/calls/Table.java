package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import dev.shunt.question.OfTables;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries that all processes of a program share, by key: Swoole's {@code Table}, Workerman's {@code GlobalData}. The manager
 * keeps them as long as it runs; they outlive children and reloads. A value is what {@link Data#of} takes. Each call is whole:
 * nobody sees half of it. In a child a call waits for the manager. Keys have 1 to 255 characters.
 */
public final class Table {

    private final FaceState<?> state;
    private final String name;

    Table(FaceState<?> state, String name) {
        this.state = state;
        this.name = Names.checked("table", name);
    }

    public Optional<Data> get(String key) {
        return state.engine()
                .ask(new OfTables.Get(name, Names.checked("get", key)))
                .map(value -> value.with(state.codec()));
    }

    /** As the other one, decoded. */
    public <T> Optional<T> get(String key, Class<T> type) {
        return get(key).map(value -> value.as(type));
    }

    public boolean contains(String key) {
        return get(key).isPresent();
    }

    /**
     * Puts a value in place of what was there, for ever.
     *
     * @throws IllegalStateException if all tables together have as many entries or bytes as they may
     */
    public void put(String key, Object value) {
        put(key, value, OfTables.FOR_EVER, false);
    }

    /** As the other one; it is gone after this time, above zero. */
    public void put(String key, Object value, Duration timeToLive) {
        put(key, value, nanos(timeToLive), false);
    }

    /** False, and nothing is put, if there is one; GlobalData's {@code add}. */
    public boolean putIfAbsent(String key, Object value) {
        return put(key, value, OfTables.FOR_EVER, true);
    }

    public boolean putIfAbsent(String key, Object value, Duration timeToLive) {
        return put(key, value, nanos(timeToLive), true);
    }

    private boolean put(String key, Object value, long nanos, boolean onlyNew) {
        return state.engine()
                .ask(new OfTables.Put(name, Names.checked("put", key), state.encoded("put", value), nanos, onlyNew));
    }

    private static long nanos(Duration timeToLive) {
        return Check.positive("timeToLive", timeToLive, "to keep it for ever, leave it out")
                .toNanos();
    }

    /**
     * Puts {@code next} if what is there is what was expected: the same bytes when encoded. What had a time to live keeps it.
     *
     * @param expected null for no entry
     */
    public boolean compareAndSet(String key, @Nullable Object expected, Object next) {
        var before = expected == null ? Optional.<Data>empty() : Optional.of(state.encoded("compareAndSet", expected));
        return state.engine()
                .ask(new OfTables.CompareAndSet(
                        name, Names.checked("compareAndSet", key), before, state.encoded("compareAndSet", next)));
    }

    /**
     * Counts, from 0 if there is none, and returns what it has come to. What had a time to live keeps it.
     *
     * @throws IllegalStateException if what is there is no whole number, or becomes too large for one
     */
    public long increment(String key, long by) {
        return state.engine().ask(new OfTables.Increment(name, Names.checked("increment", key), by));
    }

    public long increment(String key) {
        return increment(key, 1);
    }

    public long decrement(String key) {
        return increment(key, -1);
    }

    /** False if there was none. */
    public boolean remove(String key) {
        return state.engine().ask(new OfTables.Remove(name, Names.checked("remove", key)));
    }

    public int size() {
        return state.engine().ask(new OfTables.Size(name));
    }

    /** In their order; fetched a thousand at a time while the stream is read. */
    public Stream<String> keys() {
        return Stream.iterate(
                        keys("", ConnectionCalls.PAGE),
                        page -> !page.isEmpty(),
                        page -> page.size() < ConnectionCalls.PAGE
                                ? List.<String>of()
                                : keys(page.getLast(), ConnectionCalls.PAGE))
                .flatMap(List::stream);
    }

    private List<String> keys(String after, int limit) {
        return state.engine().ask(new OfTables.Keys(name, after, limit));
    }
}
