package dev.shunt.spring.autoconfigure;

import dev.shunt.plan.WhenFull;
import dev.shunt.task.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code shunt.*}.
 *
 * @param enabled whether tasks are run at all
 * @param name of the pool, in logs and errors
 * @param slots how many tasks run at once
 * @param processes how many child processes host the slots, at most one per slot
 * @param virtualSlots whether slots are virtual threads
 * @param inProcess no children: slots are threads of the application; by default only while a debugger is attached
 * @param store the SQLite file that keeps durable tasks and dead letters; without it they are kept in memory
 * @param durability of tasks that are submitted without options: disk if there is a store, else memory
 * @param drainTimeout how long waiting tasks are run at the application's end: 20 seconds, or none if there is a store, which
 *     keeps them
 * @param stopTimeout how long running tasks may take to finish after that: 5 seconds, or 25 if there is a store
 * @param queue what may wait
 * @param children the child processes
 */
@ConfigurationProperties("shunt")
public record ShuntProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("tasks") String name,
        @DefaultValue("4") int slots,
        @DefaultValue("1") int processes,
        @DefaultValue("false") boolean virtualSlots,
        @Nullable Boolean inProcess,
        @Nullable Path store,
        @Nullable Durability durability,
        @Nullable Duration drainTimeout,
        @Nullable Duration stopTimeout,
        @DefaultValue Queue queue,
        @DefaultValue Children children) {

    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Duration STOP_WITH_STORE = Duration.ofSeconds(25);

    /**
     * What may wait.
     *
     * @param maxTasks that wait for a slot
     * @param maxBytes of tasks that wait for a slot or run: a quarter of the heap
     * @param maxDelayedTasks that wait in memory for their time or their turn
     * @param whenFull what becomes of one more task
     */
    public record Queue(
            @DefaultValue("100000") int maxTasks,
            @Nullable Long maxBytes,
            @DefaultValue("100000") int maxDelayedTasks,
            @DefaultValue("reject") WhenFull whenFull) {}

    /**
     * The child processes.
     *
     * @param main the class whose main children run, if not the application's own
     * @param jvmOptions of children, such as -Xmx256m
     * @param maxTasksPerSlot after how many tasks a slot's process is replaced; 0 for never
     * @param aotCache a file that the JDK's AOT cache of the application is in; children start with it
     */
    public record Children(
            @Nullable Class<?> main,
            @DefaultValue List<String> jvmOptions,
            @DefaultValue("0") int maxTasksPerSlot,
            @Nullable Path aotCache) {

        public Children {
            jvmOptions = List.copyOf(jvmOptions);
        }
    }

    Durability durabilityOrDefault() {
        return durability != null ? durability : store == null ? Durability.MEMORY : Durability.DISK;
    }

    Duration drain() {
        return drainTimeout != null ? drainTimeout : store == null ? DRAIN : Duration.ZERO;
    }

    Duration stop() {
        return stopTimeout != null ? stopTimeout : store == null ? STOP : STOP_WITH_STORE;
    }
}
