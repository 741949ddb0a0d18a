package dev.shunt.spring.autoconfigure;

import dev.shunt.Shunt;
import dev.shunt.pool.TaskPool;
import dev.shunt.spring.ShuntPoolCustomizer;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.TaskOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Makes the builder of an application's pool from its properties and its beans; in a child the same one. */
final class PoolBuilding {

    private static final Logger LOG = LoggerFactory.getLogger("dev.shunt.spring");
    private static final String SQLITE = "dev.shunt.sqlite.SqliteTaskLog";

    private final ShuntProperties properties;
    private final TaskMethods methods;
    private final ConfigurableListableBeanFactory beans;

    PoolBuilding(ShuntProperties properties, TaskMethods methods, ConfigurableListableBeanFactory beans) {
        this.properties = properties;
        this.methods = methods;
        this.beans = beans;
    }

    /** What tasks have that are submitted without options. */
    TaskOptions general() {
        return TaskOptions.DEFAULT.durability(properties.durabilityOrDefault());
    }

    TaskPool.Builder builder(Iterable<ShuntPoolCustomizer> customizers, MainClass main) {
        var builder = TaskPool.builder(properties.name())
                .slots(properties.slots())
                .virtualSlots(properties.virtualSlots())
                .maxQueuedTasks(properties.queue().maxTasks())
                .maxDelayedTasks(properties.queue().maxDelayedTasks())
                .whenQueueFull(properties.queue().whenFull())
                .drainTimeout(properties.drain())
                .stopTimeout(properties.stop());
        if (properties.queue().maxBytes() != null) {
            builder.maxQueuedBytes(properties.queue().maxBytes());
        }
        store(builder);
        processes(builder, main);
        methods.handlers().forEach(method -> declare(builder, method));
        new ScheduleMethods(beans, methods, general()).declareOn(builder);
        var beginning = new SlotBeginning(beans, methods);
        builder.onSlotStart(_ -> beginning.begins()).onSlotStop(_ -> beginning.ends());
        customizers.forEach(customizer -> customizer.customize(builder));
        return builder;
    }

    private static void declare(TaskPool.Builder builder, TaskMethod method) {
        builder.answer(method.payloadType(), (payload, task) -> method.run(payload, task));
    }

    private void store(TaskPool.Builder builder) {
        Path store = properties.store();
        if (store == null) {
            return;
        }
        if (!ClassUtils.isPresent(SQLITE, beans.getBeanClassLoader())) {
            throw new ShuntStartException(
                    "shunt.store is " + store + ", and dev.shunt:shunt-sqlite is not on the class path.",
                    "Depend on shunt-spring-boot-starter, which has it, or on dev.shunt:shunt-sqlite.");
        }
        builder.taskLog(SqliteTaskLog.at(store));
    }

    private void processes(TaskPool.Builder builder, MainClass main) {
        if (inProcess()) {
            builder.inProcess();
            return;
        }
        builder.processes(Math.min(properties.processes(), properties.slots()))
                .jvmOptions(jvmOptions())
                .maxTasksPerSlot(properties.children().maxTasksPerSlot());
        if (properties.children().main() != null) {
            builder.childMain(properties.children().main());
        } else if (main.isRestarted()) {
            builder.childMain(main.typeOrThrow());
        }
    }

    private boolean inProcess() {
        if (properties.inProcess() != null) {
            return properties.inProcess();
        }
        boolean debugged = !Shunt.isChild()
                && ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .anyMatch(option -> option.startsWith("-agentlib:jdwp") || option.startsWith("-Xrunjdwp"));
        if (debugged) {
            LOG.info(
                    "a debugger may attach to this JVM, so tasks run in it and not in children; shunt.in-process=false for"
                            + " children all the same");
        }
        return debugged;
    }

    private String[] jvmOptions() {
        var options = new ArrayList<String>(List.of(ChildEnvironment.NO_RESTARTS));
        Path cache = properties.children().aotCache();
        if (cache != null && Files.isReadable(cache)) {
            options.add("-XX:AOTCache=" + cache);
        } else if (cache != null && !Shunt.isChild()) {
            LOG.warn(
                    "shunt.children.aot-cache: there is no {}, and children start without. Make it by one run of the extracted"
                            + " application: java -XX:AOTCacheOutput={} -Dspring.context.exit=onRefresh -jar APPLICATION.jar",
                    cache,
                    cache);
        }
        options.addAll(properties.children().jvmOptions());
        return options.toArray(String[]::new);
    }
}
