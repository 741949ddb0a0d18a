package dev.shunt.calls;

import dev.shunt.data.Data;
import dev.shunt.question.OfTables;
import java.util.Optional;

/**
 * A whole number that all processes of a program share, 0 at first: Swoole's {@code Atomic}. The manager keeps it as long as
 * it runs. In a child a call waits for the manager; what a call has returned is counted, whoever is killed after that.
 */
public final class Atomic {

    /** Of no {@link Table}. */
    private static final String COUNTERS = "";

    private final FaceState<?> state;
    private final String name;

    Atomic(FaceState<?> state, String name) {
        this.state = state;
        this.name = Names.checked("atomic", name);
    }

    public long get() {
        return state.engine()
                .ask(new OfTables.Get(COUNTERS, name))
                .map(value -> Long.parseLong(value.text()))
                .orElse(0L);
    }

    public void set(long value) {
        state.engine().ask(new OfTables.Put(COUNTERS, name, number(value), OfTables.FOR_EVER, false));
    }

    /**
     * Returns what it has come to.
     *
     * @throws IllegalStateException if that is too large for a {@code long}; it stays what it was
     */
    public long add(long by) {
        return state.engine().ask(new OfTables.Increment(COUNTERS, name, by));
    }

    /** Returns what it has come to. */
    public long sub(long by) {
        return add(Math.negateExact(by));
    }

    /** Sets it to {@code next} if it is what was expected; Swoole's {@code cmpset}. */
    public boolean compareAndSet(long expected, long next) {
        return (expected == 0 && compareAndSet(Optional.empty(), next))
                || compareAndSet(Optional.of(number(expected)), next);
    }

    private boolean compareAndSet(Optional<Data> expected, long next) {
        return state.engine().ask(new OfTables.CompareAndSet(COUNTERS, name, expected, number(next)));
    }

    private static Data number(long value) {
        return Data.of(value).encoded();
    }
}
