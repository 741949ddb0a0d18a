package dev.shunt.question;

import dev.shunt.data.Data;
import java.util.List;
import java.util.Optional;

/** About entries that all processes share. Each question is answered whole, between two others. */
public sealed interface OfTables<R> extends Question<R> {

    /** For ever, where a time to live is asked for. */
    long FOR_EVER = 0;

    record Get(String table, String key) implements OfTables<Optional<Data>> {}

    /**
     * False if there is one already, and only a new one was wanted.
     *
     * @param nanos how long it lives, or {@link #FOR_EVER}
     */
    record Put(String table, String key, Data value, long nanos, boolean onlyNew) implements OfTables<Boolean> {}

    /** Nothing is expected where there should be none. One that is replaced keeps its time to live. */
    record CompareAndSet(String table, String key, Optional<Data> expected, Data next) implements OfTables<Boolean> {}

    /** Counts from 0; the answer is what it has come to. */
    record Increment(String table, String key, long by) implements OfTables<Long> {}

    record Remove(String table, String key) implements OfTables<Boolean> {}

    /** In their order, from the first after {@code after} on. */
    record Keys(String table, String after, int limit) implements OfTables<List<String>> {}

    record Size(String table) implements OfTables<Integer> {}
}
