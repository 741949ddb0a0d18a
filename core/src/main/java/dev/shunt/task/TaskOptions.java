package dev.shunt.task;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What may, must and must not be done for one task. Immutable; start from {@link #DEFAULT} and add:
 * {@code TaskOptions.DEFAULT.retries(5).uniqueKey("welcome-7").deadline(Duration.ofMinutes(10))}. Each method with a value
 * returns options that differ in that one, and throws at once if it makes no sense. Durations count on the monotonic clock;
 * from a hundred years on they are for ever.
 */
public sealed class TaskOptions permits NoCallback {

    public static final Duration DEFAULT_BACKOFF = Duration.ofSeconds(1);

    /** One attempt, at once, for as long as it takes, in memory. */
    public static final TaskOptions DEFAULT = new TaskOptions();

    private int retries;
    private Duration backoff = DEFAULT_BACKOFF;
    private Priority priority = Priority.NORMAL;
    private Duration delay = Duration.ZERO;
    private @Nullable Instant at;
    private @Nullable Duration deadline;
    private @Nullable Duration timeout;
    private @Nullable Unique unique;
    private @Nullable String orderingKey;
    private int slot = -1;
    private Durability durability = Durability.MEMORY;
    private Data context = Data.empty();
    private Map<String, String> headers = Map.of();
    private boolean plain = true;

    TaskOptions() {}

    private TaskOptions(TaskOptions other) {
        retries = other.retries;
        backoff = other.backoff;
        priority = other.priority;
        delay = other.delay;
        at = other.at;
        deadline = other.deadline;
        timeout = other.timeout;
        unique = other.unique;
        orderingKey = other.orderingKey;
        slot = other.slot;
        durability = other.durability;
        context = other.context;
        headers = other.headers;
        plain = false;
    }

    /** How often it may be run again after an attempt that failed, timed out or was lost. Default 0. */
    public TaskOptions retries(int value) {
        int count = Check.count("retries", value, 0, "0 is no retry");
        return with(copy -> copy.retries = count);
    }

    /**
     * How long to wait before the first retry: twice as long before each further one, at most a day, each shortened at
     * random by up to half. Default 1 second.
     */
    public TaskOptions backoff(Duration first) {
        Check.notNegative("backoff", first);
        return with(copy -> copy.backoff = first);
    }

    public TaskOptions priority(Priority value) {
        return with(copy -> copy.priority = Check.given("priority", value));
    }

    /** Not before this long from now. Default: at once. */
    public TaskOptions delay(Duration value) {
        Check.notNegative("delay", value);
        return with(copy -> {
            copy.delay = value;
            copy.at = null;
        });
    }

    /**
     * Not before this time by the wall clock; a time that has passed means at once. If the clock is set while the task waits
     * that counts within a minute.
     */
    public TaskOptions at(Instant time) {
        return with(copy -> {
            copy.delay = Duration.ZERO;
            copy.at = Check.time("at", time);
        });
    }

    /**
     * When it must be over, from its submission, waiting and retries included: what waits is then {@link Result.TimedOut},
     * what runs is interrupted. Default: never.
     */
    public TaskOptions deadline(Duration value) {
        Check.positive("deadline", value, "leave it out for none");
        return with(copy -> copy.deadline = value);
    }

    /**
     * How long one attempt may take: then its thread is interrupted, and if the handler does not yield, its child is
     * replaced. The attempt counts as failed, the result is {@link Result.TimedOut}. Default: for ever.
     */
    public TaskOptions timeout(Duration value) {
        Check.positive("timeout", value, "leave it out for none");
        return with(copy -> copy.timeout = value);
    }

    /** At most one task of this key at a time: a second one is rejected. */
    public TaskOptions uniqueKey(String key) {
        return uniqueKey(key, Unique.Policy.DROP);
    }

    public TaskOptions uniqueKey(String key, Unique.Policy policy) {
        return with(copy -> copy.unique = new Unique(Check.given("uniqueKey", key), policy));
    }

    /**
     * Tasks of one key run one at a time, in the order in which they were submitted; one that is retried holds up the
     * rest.
     */
    public TaskOptions orderingKey(String key) {
        return with(copy -> copy.orderingKey = Check.given("orderingKey", key));
    }

    /** Only on this slot of the task group, from 0; Swoole's {@code taskWorkerIndex}. Negative means any. */
    public TaskOptions slot(int index) {
        return with(copy -> copy.slot = Math.max(-1, index));
    }

    public TaskOptions durability(Durability value) {
        return with(copy -> copy.durability = Check.given("durability", value));
    }

    /**
     * Comes back with the result, for whoever gets it: the caller's slot, its successor, or, of a durable task, the program
     * as it is started next. Bytes, text, or an object for the codec.
     */
    public TaskOptions context(@Nullable Object value) {
        return with(copy -> copy.context = Data.of(value));
    }

    /**
     * A text that goes with the task to each attempt of its handler, {@link Task#headers}: at most 16, of 8,192 characters
     * together; more throws {@link IllegalArgumentException}. Replaces one of that name. Default: none.
     */
    public TaskOptions header(String name, String value) {
        var all = TaskHeaders.with(headers, name, value);
        var copy = new TaskOptions(this);
        copy.headers = all;
        copy.plain = plain;
        return copy;
    }

    public int retries() {
        return retries;
    }

    public Duration backoff() {
        return backoff;
    }

    public Priority priority() {
        return priority;
    }

    public Duration delay() {
        return delay;
    }

    public Optional<Instant> at() {
        return Optional.ofNullable(at);
    }

    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    public Optional<Unique> unique() {
        return Optional.ofNullable(unique);
    }

    public Optional<String> orderingKey() {
        return Optional.ofNullable(orderingKey);
    }

    public OptionalInt slot() {
        return slot < 0 ? OptionalInt.empty() : OptionalInt.of(slot);
    }

    public Durability durability() {
        return durability;
    }

    public Data context() {
        return context;
    }

    /** In the order in which they were given. Immutable. */
    public Map<String, String> headers() {
        return headers;
    }

    /** How many characters the headers have. */
    public int headersLength() {
        return headers.isEmpty() ? 0 : TaskHeaders.length(headers);
    }

    /** Nothing but headers was set, as for nearly all tasks. A shortcut: what was set to its default is not plain. */
    public boolean isPlain() {
        return plain;
    }

    /** Whether a task with these options that dies becomes a dead letter: it could be retried, or it is durable. */
    public boolean keptWhenDead() {
        return retries > 0 || durability != Durability.MEMORY;
    }

    private TaskOptions with(Consumer<TaskOptions> change) {
        var copy = new TaskOptions(this);
        change.accept(copy);
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TaskOptions that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "TaskOptions" + values();
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(
                retries,
                backoff,
                priority,
                delay,
                at,
                deadline,
                timeout,
                unique,
                orderingKey,
                slot,
                durability,
                context,
                headers);
    }
}
