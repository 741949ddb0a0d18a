package dev.shunt.spring.autoconfigure;

import dev.shunt.pool.TaskPool;
import dev.shunt.stats.Stats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Meters of the pool, where Micrometer is on the class path. */
@AutoConfiguration(after = ShuntAutoConfiguration.class)
@ConditionalOnClass({MeterBinder.class, MeterRegistry.class})
@ConditionalOnBean(TaskPool.class)
public final class ShuntMetricsAutoConfiguration {

    private static final Map<String, ToLongFunction<Stats.Tasks>> OUTCOMES = Map.of(
            "done", Stats.Tasks::done,
            "failed", Stats.Tasks::failed,
            "timed_out", Stats.Tasks::timedOut,
            "lost", Stats.Tasks::lost,
            "cancelled", Stats.Tasks::cancelled,
            "rejected", Stats.Tasks::rejected);

    @Bean
    @ConditionalOnMissingBean(name = "shuntMeters")
    MeterBinder shuntMeters(TaskPool pool) {
        return registry -> bind(registry, pool);
    }

    private static void bind(MeterRegistry registry, TaskPool pool) {
        counter(registry, pool, "shunt.tasks.submitted", stats -> stats.tasks().submitted());
        counter(registry, pool, "shunt.tasks.retried", stats -> stats.tasks().retried());
        OUTCOMES.forEach((outcome, count) -> FunctionCounter.builder(
                        "shunt.tasks.ended", pool, now(stats -> count.applyAsLong(stats.tasks())))
                .tag("outcome", outcome)
                .register(registry));
        counter(
                registry,
                pool,
                "shunt.children.restarts",
                stats -> stats.children().replaced());
        gauge(registry, pool, "shunt.tasks.queued", stats -> stats.tasks().queued());
        gauge(registry, pool, "shunt.tasks.delayed", stats -> stats.tasks().delayed());
        gauge(registry, pool, "shunt.tasks.running", stats -> stats.tasks().running());
        gauge(registry, pool, "shunt.tasks.dead", stats -> stats.tasks().dead());
        gauge(registry, pool, "shunt.slots", stats -> stats.slots().tasks());
        gauge(
                registry,
                pool,
                "shunt.slots.busy",
                stats -> stats.slots().tasks() - stats.slots().idleTasks());
    }

    private static void counter(MeterRegistry registry, TaskPool pool, String name, ToDoubleFunction<Stats> count) {
        FunctionCounter.builder(name, pool, now(count)).register(registry);
    }

    private static void gauge(MeterRegistry registry, TaskPool pool, String name, ToDoubleFunction<Stats> value) {
        Gauge.builder(name, pool, now(value)).register(registry);
    }

    /** Nothing until the pool has started. */
    private static ToDoubleFunction<TaskPool> now(ToDoubleFunction<Stats> value) {
        return pool -> pool.hasStarted() ? value.applyAsDouble(pool.stats()) : 0;
    }
}
