package dev.shunt.spring.autoconfigure;

import dev.shunt.pool.TaskPool;
import dev.shunt.spring.ShuntSchedule;
import dev.shunt.task.TaskOptions;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.convert.DurationStyle;

/** Methods whose time comes by the clock, declared on a pool. */
final class ScheduleMethods {

    /** The task of a schedule whose method is the task itself. */
    record ScheduledMethod(String name) {}

    private static final String DISABLED = "-";

    private final ConfigurableListableBeanFactory beans;
    private final TaskMethods methods;
    private final TaskOptions general;
    private final Map<String, TaskMethod> themselves = new LinkedHashMap<>();

    ScheduleMethods(ConfigurableListableBeanFactory beans, TaskMethods methods, TaskOptions general) {
        this.beans = beans;
        this.methods = methods;
        this.general = general;
    }

    void declareOn(TaskPool.Builder builder) {
        methods.schedules().forEach(method -> declare(builder, method));
        if (!themselves.isEmpty()) {
            builder.answer(ScheduledMethod.class, scheduled -> run(scheduled.name()));
        }
    }

    private @Nullable Object run(String name) throws Exception {
        var method = themselves.get(name);
        if (method == null) {
            throw new IllegalStateException("there is no schedule '" + name + "' any more");
        }
        return method.call();
    }

    private void declare(TaskPool.Builder builder, TaskMethod method) {
        var said = method.method().getAnnotation(ShuntSchedule.class);
        if (said == null) {
            throw new IllegalStateException("no @ShuntSchedule on " + method);
        }
        String name =
                said.name().isEmpty() ? method.bean() + '.' + method.method().getName() : resolved(said.name());
        String cron = resolved(said.cron());
        String every = resolved(said.every());
        if (cron.isEmpty() == every.isEmpty()) {
            throw new ShuntStartException(
                    "@ShuntSchedule on " + method + " has "
                            + (cron.isEmpty() ? "neither cron nor every." : "both cron and every."),
                    "Say when: cron = \"0 3 * * *\", or every = \"10m\".");
        }
        if (cron.equals(DISABLED)) {
            return;
        }
        try {
            var options = said.retries() == 0 ? general : general.retries(said.retries());
            var task = task(name, method);
            if (cron.isEmpty()) {
                builder.schedule(name, DurationStyle.detectAndParse(every), options, task::payload);
            } else {
                String zone = resolved(said.zone());
                builder.schedule(
                        name, cron, zone.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(zone), options, task::payload);
            }
        } catch (RuntimeException e) {
            throw new ShuntStartException("@ShuntSchedule on " + method + ": " + e.getMessage(), "Correct it.", e);
        }
    }

    /** What a schedule submits. */
    @FunctionalInterface
    private interface Payload {
        @Nullable Object payload();
    }

    private Payload task(String name, TaskMethod method) {
        if (method.method().getReturnType() == void.class) {
            themselves.put(name, method);
            return () -> new ScheduledMethod(name);
        }
        return () -> {
            try {
                return method.call();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private String resolved(String text) {
        String value = beans.resolveEmbeddedValue(text);
        return value == null ? "" : value;
    }
}
