package dev.shunt.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.server.Server;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Result;
import dev.shunt.task.Retry;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualEngineTest {

    record SendMail(String to) {}

    record Unencodable(Object any) {}

    private final List<String> mailed = new ArrayList<>();
    private final List<String> finished = new ArrayList<>();
    private final List<Result> failures = new ArrayList<>();
    private int mailServerIsDownFor;

    private final Server server = new Server("127.0.0.1", 0)
            .set(settings -> settings.taskWorkerNum(2))
            .onReceive((_, _) -> {})
            .onFinish(done -> finished.add(done.data().text()))
            .onTaskFailed(failures::add);

    @Test
    void typedHandler_runsWhenTold_onThisThread() {
        server.handle(SendMail.class, mail -> mailed.add(mail.to()));
        var engine = ManualEngine.of(server);

        var task = server.submit(new SendMail("ann"));
        assertThat(mailed).isEmpty();

        assertThat(engine.runDue()).isEqualTo(1);
        assertThat(mailed).containsExactly("ann");
        assertThat(engine.await(task)).isInstanceOf(Result.Done.class);
    }

    @Test
    void example_ofTheReadme() {
        server.answer(SendMail.class, (mail, _) -> "sent to " + mail.to());
        var engine = ManualEngine.of(server);
        var mail = server.submit(new SendMail("ann"));
        assertThat(engine.await(mail)).isInstanceOf(Result.Done.class);

        engine.loseNext();
        assertThat(engine.await(server.submit(new SendMail("ann")))).isInstanceOf(Result.Lost.class);

        var client = engine.connect();
        client.send("hello");
        engine.runDue();
        assertThat(client.received()).isEmpty();
    }

    @Test
    void retries_comeWhenTheClockHasMovedOn() {
        mailServerIsDownFor = 2;
        server.answer(SendMail.class, this::send);
        var engine = ManualEngine.of(server);
        var task = server.submit(
                new SendMail("ann"), TaskOptions.DEFAULT.retries(2).backoff(Duration.ofSeconds(10)));

        assertThat(engine.runDue()).isEqualTo(1);
        assertThat(engine.runDue()).isZero();
        engine.clock().advance(Duration.ofSeconds(10));
        assertThat(engine.runDue()).isEqualTo(1);
        engine.clock().advance(Duration.ofSeconds(20));
        assertThat(engine.runDue()).isEqualTo(1);

        assertThat(engine.await(task))
                .isInstanceOfSatisfying(
                        Result.Done.class, done -> assertThat(done.data()).hasToString("ann, attempt 3"));
    }

    @Test
    void await_movesTheClockAsFarAsItTakes() {
        mailServerIsDownFor = 9;
        server.answer(SendMail.class, this::send);
        var engine = ManualEngine.of(server);
        var task = server.submit(new SendMail("ann"), TaskOptions.DEFAULT.retries(3));

        assertThat(engine.await(task)).isInstanceOf(Result.Failed.class);
        assertThat(engine.clock().epochMillis()).isBetween(3_500L, 7_000L);
        assertThat(server.deadTasks(-1, 10).toCompletableFuture().join())
                .singleElement()
                .satisfies(dead -> {
                    assertThat(dead.id()).isEqualTo(task.id());
                    assertThat(dead.outcome()).isEqualTo("FAILED");
                    assertThat(dead.reason()).contains("the mail server is down", "at dev.shunt.testkit");
                });
    }

    @Test
    void rerunDeadTask_runsAgain_andItsResultGoesToOnFinish() {
        mailServerIsDownFor = 2;
        server.answer(SendMail.class, this::send);
        var engine = ManualEngine.of(server);
        var task = server.submit(new SendMail("ann"), TaskOptions.DEFAULT.retries(1));
        engine.await(task);

        assertThat(server.rerunDeadTask(task.id()).toCompletableFuture().join()).isTrue();
        engine.runDue();

        assertThat(finished).containsExactly("ann, attempt 1");
        assertThat(server.deadTasks(-1, 10).toCompletableFuture().join()).isEmpty();
    }

    @Test
    void letterWhoseUniqueKeyIsTaken_staysALetter_untilThatIsOver() {
        mailServerIsDownFor = 4;
        server.answer(SendMail.class, this::send);
        var engine = ManualEngine.of(server);
        var options = TaskOptions.DEFAULT.retries(1).uniqueKey("welcome");
        var letter = server.submit(new SendMail("ann"), options);
        engine.await(letter);
        var other = server.submit(new SendMail("bob"), options);
        engine.await(other);

        assertThat(server.rerunDeadTask(other.id()).toCompletableFuture().join())
                .isTrue();
        assertThatThrownBy(() ->
                        server.rerunDeadTask(letter.id()).toCompletableFuture().join())
                .hasMessageContaining("unique key 'welcome'");
        assertThat(server.deadTasks(-1, 10).toCompletableFuture().join())
                .extracting(DeadTask::id)
                .containsExactly(letter.id());

        engine.runDue();
        assertThat(server.rerunDeadTask(letter.id()).toCompletableFuture().join())
                .isTrue();
        engine.runDue();
        assertThat(finished).containsExactly("bob, attempt 1", "ann, attempt 1");
    }

    @Test
    void onTaskError_decides() {
        mailServerIsDownFor = 9;
        server.answer(SendMail.class, this::send).onTaskError((_, _) -> Retry.giveUp());
        var engine = ManualEngine.of(server);
        server.task(new SendMail("ann"), TaskOptions.DEFAULT.retries(5));

        assertThat(engine.runDue()).isEqualTo(1);
        assertThat(failures).singleElement().isInstanceOf(Result.Failed.class);
    }

    @Test
    void untypedTask_finishesManyTimes_andAsksForOthers() {
        server.onTask(task -> {
            if (task.data().text().equals("outer")) {
                server.task("inner");
                task.finish("first");
                task.finish("second");
            }
            return task.data() + " done";
        });
        var engine = ManualEngine.of(server);
        server.task("outer");

        assertThat(engine.runDue()).isEqualTo(2);
        assertThat(finished).containsExactly("first", "second", "outer done", "inner done");
    }

    @Test
    void payload_thatIsNotOfItsType_failsThatTaskAlone() {
        record NotReadable(Object any) {}
        server.handle(NotReadable.class, _ -> mailed.add("never")).onTask(task -> {
            return task.data();
        });
        var engine = ManualEngine.of(server);

        assertThatThrownBy(() -> server.submit(new NotReadable(new Object())))
                .isInstanceOf(IllegalArgumentException.class);
        var other = server.submit("readable");

        assertThat(engine.await(other)).isInstanceOf(Result.Done.class);
        assertThat(mailed).isEmpty();
    }

    @Test
    void cancelled_deadline_andDelay_goByTheClock() {
        server.handle(SendMail.class, mail -> mailed.add(mail.to()));
        var engine = ManualEngine.of(server);
        var cancelled = server.submit(new SendMail("a"), TaskOptions.DEFAULT.delay(Duration.ofHours(1)));
        var late = server.submit(
                new SendMail("b"),
                TaskOptions.DEFAULT.delay(Duration.ofHours(2)).deadline(Duration.ofHours(1)));
        var due = server.submit(new SendMail("c"), TaskOptions.DEFAULT.delay(Duration.ofHours(1)));
        cancelled.cancel();

        assertThat(engine.await(cancelled)).isInstanceOf(Result.Cancelled.class);
        assertThat(engine.await(late)).isInstanceOf(Result.TimedOut.class);
        assertThat(engine.await(due)).isInstanceOf(Result.Done.class);
        assertThat(mailed).containsExactly("c");
    }

    @Test
    void taskThatNeverEnds_isSaidToBeSo() {
        server.onTask(task -> {
            return task.data();
        });
        var engine = ManualEngine.of(server);
        var task = server.submit("a", TaskOptions.DEFAULT.orderingKey("k"));
        engine.await(task);

        assertThat(engine.runNext()).isFalse();
        assertThat(server.stats().tasks().done()).isEqualTo(1);
    }

    @Test
    void resultThatCannotBeEncoded_isAFailure_andTheDecisionMayThrow() {
        server.onTask(task -> {
                    return new Unencodable(new Object());
                })
                .onTaskError((_, _) -> {
                    throw new IllegalStateException("undecided");
                })
                .handle(SendMail.class, _ -> {
                    throw new IllegalStateException("down");
                });
        var engine = ManualEngine.of(server);

        assertThat(engine.await(server.submit("a"))).isInstanceOf(Result.Failed.class);
        assertThat(engine.await(server.submit(new SendMail("b")))).isInstanceOf(Result.Failed.class);
    }

    @Test
    void schedules_goByTheClock() {
        server.handle(SendMail.class, mail -> mailed.add(mail.to()))
                .schedule("nightly", "0 3 * * *", ZoneOffset.UTC, TaskOptions.DEFAULT, () -> new SendMail("night"));
        var engine = ManualEngine.of(server);

        engine.runDue();
        assertThat(mailed).isEmpty();
        engine.clock().advance(Duration.ofHours(3));
        assertThat(engine.runDue()).isEqualTo(1);
        assertThat(mailed).containsExactly("night");
        assertThat(engine.runDue()).isZero();

        assertThat(engine.runNext()).isTrue();
        assertThat(mailed).containsExactly("night", "night");
        assertThat(engine.clock().epochMillis()).isEqualTo(Duration.ofHours(27).toMillis());
    }

    private Object send(SendMail mail, Task task) {
        if (mailServerIsDownFor-- > 0) {
            throw new IllegalStateException("the mail server is down");
        }
        return mail.to() + ", attempt " + task.attempt();
    }
}
