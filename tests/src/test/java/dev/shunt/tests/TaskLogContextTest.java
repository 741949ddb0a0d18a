package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.pool.TaskPool;
import dev.shunt.task.TaskContext;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.ManualPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What loggers know of the task that a thread runs, and what a context of the program's own may do wrong. */
class TaskLogContextTest {

    record Mail(String to) {}

    private final List<Map<String, String>> seen = new ArrayList<>();

    private TaskPool.Builder pool() {
        return TaskPool.builder().slots(1).handle(Mail.class, (mail, task) -> {
            var known = MDC.getCopyOfContextMap();
            seen.add(known == null ? Map.of() : known);
            if (mail.to().equals("bob") && task.attempt() == 1) {
                throw new IllegalStateException("no mail server");
            }
        });
    }

    @AfterEach
    void clear() {
        MDC.clear();
    }

    @Test
    void twoTasksOnOneSlot_eachHasItsOwn_andNothingIsLeft_whateverTheHandlerDoes() {
        try (var manual = ManualPool.start(pool())) {
            var bob = manual.pool().submit(new Mail("bob"), TaskOptions.DEFAULT.retries(1));
            manual.engine().await(bob);
            manual.engine().await(manual.pool().submit(new Mail("ann")));
        }
        assertThat(seen).extracting(known -> known.get("shunt.attempt")).containsExactly("1", "2", "1");
        assertThat(seen).extracting(known -> known.get("shunt.type")).containsOnly(Mail.class.getName());
        assertThat(seen.get(0)).containsEntry("shunt.task", seen.get(1).get("shunt.task"));
        assertThat(seen.get(2).get("shunt.task")).isNotEqualTo(seen.get(0).get("shunt.task"));
        assertThat(MDC.get("shunt.task")).isNull();
        assertThat(MDC.get("shunt.type")).isNull();
        assertThat(MDC.get("shunt.attempt")).isNull();
    }

    /** Carries one key of the program's own, as the guide shows it. */
    private static final class Tenant implements TaskContext {

        @Override
        public void capture(BiConsumer<String, String> headers) {
            String tenant = MDC.get("tenant");
            if (tenant != null) {
                headers.accept("tenant", tenant);
            }
        }

        @Override
        public AutoCloseable restore(Map<String, String> headers) {
            return MDC.putCloseable("tenant", headers.get("tenant"));
        }
    }

    @Test
    void contextOfTheProgram_goesWithTheTask() {
        try (var manual = ManualPool.start(pool().taskContext(new Tenant()))) {
            MDC.put("tenant", "acme");
            var mail = manual.pool().submit(new Mail("ann"));
            MDC.remove("tenant");
            manual.engine().await(mail);
        }
        assertThat(seen.getFirst()).containsEntry("tenant", "acme");
        assertThat(MDC.get("tenant")).isNull();
    }

    @Test
    void contextThatThrows_isLeftOut_andTheTaskRuns() {
        var broken = new TaskContext() {
            @Override
            public void capture(BiConsumer<String, String> headers) {
                headers.accept("a name with spaces", "x");
                throw new IllegalStateException("nothing to capture");
            }

            @Override
            public AutoCloseable restore(Map<String, String> headers) {
                throw new IllegalStateException("nothing to restore");
            }
        };
        try (var manual = ManualPool.start(pool().taskContext(broken).taskContext(new Tenant()))) {
            MDC.put("tenant", "acme");
            manual.engine().await(manual.pool().submit(new Mail("ann")));
        }
        assertThat(seen.getFirst()).containsEntry("tenant", "acme");
    }
}
