package dev.shunt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.pool.TaskPool;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ManualPoolTest {

    record Mail(String to) {}

    private final List<String> sent = new ArrayList<>();

    private TaskPool.Builder pool() {
        return TaskPool.builder().slots(1).handle(Mail.class, (mail, task) -> {
            if (task.attempt() == 1 && mail.to().equals("bob")) {
                throw new IllegalStateException("no mail server");
            }
            sent.add(mail.to());
        });
    }

    @Test
    void aTask_runsWhenTold_withItsRetries() {
        try (var manual = ManualPool.start(pool())) {
            var mail = manual.pool().submit(new Mail("bob"), TaskOptions.DEFAULT.retries(1));
            assertThat(sent).isEmpty();
            assertThat(manual.engine().await(mail)).isInstanceOf(Result.Done.class);
            assertThat(sent).containsExactly("bob");
        }
    }

    @Test
    void close_runsWhatWaits_andRetriesThatAreDueInTime_butNotWhatIsForLater() {
        var manual = ManualPool.start(pool());
        var now = manual.pool().submit(new Mail("ann"));
        var again = manual.pool().submit(new Mail("bob"), TaskOptions.DEFAULT.retries(1));
        var later = manual.pool().submit(new Mail("eve"), TaskOptions.DEFAULT.delay(Duration.ofSeconds(10)));
        manual.close();
        assertThat(sent).containsExactly("ann", "bob");
        assertThat(List.of(now, again))
                .allMatch(task -> task.result().toCompletableFuture().join() instanceof Result.Done);
        assertThat(later.result().toCompletableFuture().join()).isInstanceOf(Result.Rejected.class);
    }

    @Test
    void callbacks_runOnTheTestsThread() {
        try (var executor = Executors.newSingleThreadExecutor();
                var manual = ManualPool.start(pool().callbackExecutor(executor))) {
            var threads = new ArrayList<Thread>();
            var mail = manual.pool().submit(new Mail("ann"));
            var _ = mail.result().thenRun(() -> threads.add(Thread.currentThread()));
            manual.engine().await(mail);
            manual.engine().runDue();
            assertThat(threads).containsExactly(Thread.currentThread());
        }
    }
}
