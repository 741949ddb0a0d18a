package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Results of different tasks for a slot that is busy: they are bounded in bytes, and no others are held up. */
class UnheardEndsTest {

    private static final int TASKS = 60;
    private static final int RESULT_BYTES = 4 << 20;

    private static final long MAX_BYTES = 16 << 20;

    /** Of 4 that may wait, what slots have and may begin before they hear of it; without a bound it is all. */
    private static final int MOST = TASKS / 2;

    private final AtomicInteger ran = new AtomicInteger();
    private final AtomicInteger heard = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);

    /** Asks for many tasks with large results, and keeps its slot. */
    private String ask(Server server) throws InterruptedException {
        for (int i = 0; i < TASKS; i++) {
            server.task("large", (Result result) -> heard.addAndGet(result instanceof Result.Done ? 1 : 0));
        }
        gate.await(60, TimeUnit.SECONDS);
        return "asked";
    }

    private Object run(Server server, Task task) throws InterruptedException {
        if (task.data().text().equals("ask")) {
            return ask(server);
        }
        if (task.data().text().equals("large")) {
            ran.incrementAndGet();
            return new byte[RESULT_BYTES];
        }
        return "small";
    }

    @Test
    void resultsThatWaitForABusySlot_areBounded_andOthersRun() throws Exception {
        var started = new CompletableFuture<Void>();
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(4)
                .inProcess(true)
                .maxResultBytes(MAX_BYTES)
                .maxWaitTime(Duration.ofMillis(200)));
        server.onReceive((connection, data) -> {});
        server.onTask(task -> {
            return run(server, task);
        });
        server.onFinish(_ -> {});
        server.onStart(() -> started.complete(null));
        var end = CompletableFuture.runAsync(server::start, Thread::startVirtualThread);
        started.get(60, TimeUnit.SECONDS);
        try {
            server.task("ask");
            await().until(() -> server.stats().tasks().resultBytes() > MAX_BYTES);
            assertThat(server.stats().tasks().maxResultBytes()).isEqualTo(MAX_BYTES);
            await().during(Duration.ofMillis(500)).until(() -> ran.get() <= MOST);
            assertThat(server.taskWait("other", Duration.ofSeconds(60))).isInstanceOf(Result.Done.class);
            gate.countDown();
            await().untilAsserted(() -> assertThat(heard).hasValue(TASKS));
            await().untilAsserted(() ->
                    assertThat(server.stats().tasks().resultBytes()).isZero());
        } finally {
            gate.countDown();
            server.shutdown();
            end.get(60, TimeUnit.SECONDS);
        }
    }
}
