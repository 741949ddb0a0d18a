package dev.shunt.micrometer;

import dev.shunt.calls.ControlCalls;
import dev.shunt.control.Measures;
import dev.shunt.control.Measures.Times;
import dev.shunt.log.Log;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The meters of a program in any registry: {@code ShuntMeters.of(server).bindTo(registry)}, in the manager. They are read of
 * the program when they are looked at, at most once a second, all of one moment; nothing is measured for them. What has no value yet, such as a
 * type that is declared later, joins the registry when it has. Safe for use by any thread.
 */
public final class ShuntMeters implements MeterBinder {

    private static final Logger LOG = Log.of(ShuntMeters.class);
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    /** An event loop that collects waits for itself: what is known counts then. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Supplier<Measures> source;
    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
    private final Set<Bound> bound = ConcurrentHashMap.newKeySet();
    private final ReentrantLock reading = new ReentrantLock();
    private final Clock clock;
    private volatile Reading last;

    private record Bound(MeterRegistry registry, Series series) {}

    private record Reading(Map<Series, Times> values, long atNanos) {}

    /** @param source of the numbers; may wait, and throw while the program is not there */
    ShuntMeters(Supplier<Measures> source) {
        this(source, Clock.SYSTEM);
    }

    ShuntMeters(Supplier<Measures> source, Clock clock) {
        this.source = source;
        this.clock = clock;
        last = new Reading(Map.of(), clock.monotonicTime() - MAX_AGE.toNanos());
    }

    /** Of a {@code Server}, a {@code Worker} or a {@code TaskPool}, before or after it starts. */
    public static ShuntMeters of(ControlCalls program) {
        Objects.requireNonNull(program, "ShuntMeters.of(null): give the server, the pool or the workers to measure");
        return new ShuntMeters(() -> asked(program));
    }

    /** From a thread that is nobody's slot, where the answer comes to. */
    private static Measures asked(ControlCalls program) {
        var answer = new CompletableFuture<Measures>();
        Thread.ofVirtual().name("shunt-meters").start(() -> {
            try {
                program.control().measures().whenComplete((measures, problem) -> {
                    if (measures == null) {
                        answer.completeExceptionally(problem);
                    } else {
                        answer.complete(measures);
                    }
                });
            } catch (RuntimeException e) { // it does not run
                answer.completeExceptionally(e);
            }
        });
        return answer.orTimeout(PATIENCE.toNanos(), TimeUnit.NANOSECONDS).join();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        registries.add(registry);
        // These are there in any case, and whoever looks at them hears of all others.
        for (var meter : List.of(ShuntMeter.DEAD, ShuntMeter.LOG_TASKS)) {
            join(registry, new Series(meter, Tags.empty()));
        }
        last.values().keySet().forEach(series -> join(registry, series));
        lookAgain();
    }

    /** Reads the program now, however young what is known is; false if it does not answer. */
    public boolean refresh() {
        reading.lock();
        try {
            read();
            return true;
        } catch (RuntimeException e) {
            LOG.debug("the program does not say its numbers", e);
            return false;
        } finally {
            reading.unlock();
        }
    }

    /** As {@link #refresh}, for whoever wants to know why not. */
    void read() {
        reading.lock();
        try {
            var values = Series.of(source.get());
            last = new Reading(values, clock.monotonicTime());
            registries.forEach(registry -> values.keySet().forEach(series -> join(registry, series)));
        } finally {
            reading.unlock();
        }
    }

    /** Unless somebody is about to. */
    private void lookAgain() {
        if (clock.monotonicTime() - last.atNanos() >= MAX_AGE.toNanos() && reading.tryLock()) {
            try {
                if (!refresh()) {
                    last = new Reading(last.values(), clock.monotonicTime());
                }
            } finally {
                reading.unlock();
            }
        }
    }

    private @Nullable Times value(Series series) {
        lookAgain();
        return last.values().get(series);
    }

    private double amount(Series series) {
        var value = value(series);
        return value == null ? Double.NaN : value.seconds();
    }

    /** Meters hold what they are of weakly; by what they ask they hold this, so that nobody else need keep it. */
    private void join(MeterRegistry registry, Series series) {
        if (!bound.add(new Bound(registry, series))) {
            return;
        }
        var meter = series.meter();
        switch (meter.kind()) {
            case GAUGE ->
                Gauge.builder(meter.meterName(), this, _ -> amount(series))
                        .tags(series.tags())
                        .baseUnit(meter.unit())
                        .description(meter.description())
                        .register(registry);
            case COUNTER ->
                FunctionCounter.builder(meter.meterName(), this, _ -> amount(series))
                        .tags(series.tags())
                        .baseUnit(meter.unit())
                        .description(meter.description())
                        .register(registry);
            case TIMER ->
                FunctionTimer.builder(
                                meter.meterName(), this, _ -> count(series), _ -> amount(series), TimeUnit.SECONDS)
                        .tags(series.tags())
                        .description(meter.description())
                        .register(registry);
        }
    }

    private long count(Series series) {
        var value = value(series);
        return value == null ? 0 : value.count();
    }
}
