package dev.shunt.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.plan.Placement;
import dev.shunt.plan.WhenFull;
import dev.shunt.server.Server;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.Result;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a manual engine does is what a program does, also where nobody looks twice. */
class ManualEngineAgreesTest {

    private final List<String> finished = new ArrayList<>();
    private final List<Result> failures = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final AtomicReference<ManualEngine> engine = new AtomicReference<>();
    private boolean fails = true;

    private final Server server = new Server("127.0.0.1", 9501)
            .set(settings -> settings.taskWorkerNum(2))
            .onReceive((_, _) -> {})
            .onFinish(done -> finished.add(done.taskId() + " " + done.data().text()))
            .onTaskFailed(failures::add);

    private ManualEngine run() {
        engine.set(ManualEngine.of(server));
        return engine.get();
    }

    private Object handled(String data) {
        log.add(data);
        if (fails) {
            throw new IllegalStateException("down");
        }
        return data;
    }

    private List<DeadTask> dead() {
        return server.deadTasks(-1, 10).toCompletableFuture().join();
    }

    // Dead letters

    @Test
    void deadLetter_keepsItsIdWhenItIsRunAgain_andSoDoesItsNextDeath() {
        server.onTask(task -> {
            return handled(task.data().text());
        });
        var engine = run();
        var first = server.submit("a", TaskOptions.DEFAULT.retries(1));
        engine.await(first);

        assertThat(server.rerunDeadTask(first.id()).toCompletableFuture().join())
                .isTrue();
        assertThat(engine.runNext()).isTrue();
        assertThat(dead()).extracting(DeadTask::id).containsExactly(first.id());

        fails = false;
        assertThat(server.rerunDeadTask(first.id()).toCompletableFuture().join())
                .isTrue();
        engine.runDue();
        assertThat(finished).containsExactly(first.id() + " a");
        assertThat(dead()).isEmpty();
        assertThat(server.stats().tasks().dead()).isZero();
    }

    @Test
    void whatWasCancelledOrRejected_isNoDeadLetter() {
        server.set(settings -> settings.maxDelayedTasks(1)).onTask(task -> {
            return handled(task.data().text());
        });
        var engine = run();
        var later = TaskOptions.DEFAULT.delay(Duration.ofHours(1));
        var waits = server.submit("a", later);
        var rejected = server.submit("b", later);
        waits.cancel();

        assertThat(engine.await(waits)).isInstanceOf(Result.Cancelled.class);
        assertThat(engine.await(rejected)).isInstanceOf(Result.Rejected.class);
        assertThat(dead()).isEmpty();
    }

    @Test
    void discardedAndUnknownLetters_areNotThere() {
        server.onTask(task -> {
            return handled(task.data().text());
        });
        var engine = run();
        engine.await(server.submit("a", TaskOptions.DEFAULT.retries(1)));
        long id = dead().getFirst().id();

        assertThat(server.discardDeadTask(id).toCompletableFuture().join()).isTrue();
        assertThat(server.discardDeadTask(id).toCompletableFuture().join()).isFalse();
        assertThat(server.rerunDeadTask(id).toCompletableFuture().join()).isFalse();
    }

    // The log

    @Test
    void durableTask_withoutALog_isRejectedAndNotStored() {
        server.onTask(task -> {
            return handled(task.data().text());
        });
        var engine = run();
        var task = server.submit("a", TaskOptions.DEFAULT.durability(Durability.SYNC));

        assertThat(engine.await(task))
                .isInstanceOfSatisfying(
                        Result.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains("it cannot be stored", "taskLog("));
        assertThatThrownBy(() -> task.stored().toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("taskLog(");
        assertThat(log).isEmpty();
    }

    @Test
    void durableTask_withALog_isStoredAndRuns() {
        fails = false;
        server.set(settings -> settings.taskLog(MemoryTaskLog::new)).onTask(task -> {
            return handled(task.data().text());
        });
        var engine = run();
        var task = server.submit("a", TaskOptions.DEFAULT.durability(Durability.SYNC));

        assertThat(engine.await(task)).isInstanceOf(Result.Done.class);
        assertThat(task.stored().toCompletableFuture()).isCompleted();
    }

    // Lost

    @Test
    void processThatDies_losesWhatItRuns_andNothingElse() {
        fails = false;
        var exits = new ArrayList<String>();
        var started = new ArrayList<Integer>();
        server.onWorkerStart(started::add)
                .onWorkerError(exit -> exits.add(exit.how()))
                .onTask(task -> {
                    if (task.data().text().equals("dies")) {
                        engine.get().loseRunning();
                    }
                    return handled(task.data().text());
                });
        var engine = run();
        var dies = server.submit("dies");
        var other = server.submit("other");

        assertThat(engine.await(dies)).isInstanceOf(Result.Lost.class);
        assertThat(engine.await(other)).isInstanceOf(Result.Done.class);
        assertThat(log).containsExactly("other");
        assertThat(dead()).isEmpty(); // as everywhere, without retries
        assertThat(server.stats().tasks().lost()).isEqualTo(1);
        assertThat(exits).containsExactly("killed by the test");
        assertThat(started).endsWith(1, 2); // those of tasks, a second time
    }

    @Test
    void processThatDies_withRetriesLeft_isAnAttempt() {
        fails = false;
        server.onTask(task -> {
            return handled("attempt " + task.attempt());
        });
        var engine = run();
        engine.loseNext();
        var task = server.submit("a", TaskOptions.DEFAULT.retries(1));

        assertThat(engine.await(task)).isInstanceOf(Result.Done.class);
        assertThat(log).containsExactly("attempt 2");

        engine.loseNext();
        engine.loseNext();
        var dies = server.submit("b", TaskOptions.DEFAULT.retries(1));
        assertThat(engine.await(dies)).isInstanceOf(Result.Lost.class);
        assertThat(dead()).extracting(DeadTask::outcome).containsExactly("LOST");
    }

    @Test
    void deathOfAHandler_isNothingThatTheProgramDecidesAbout() {
        server.onTaskError((_, thrown) -> {
                    throw new AssertionError(thrown);
                })
                .onTask(task -> {
                    engine.get().loseRunning();
                    return task.data();
                });
        var engine = run();

        assertThat(engine.await(server.submit("a"))).isInstanceOf(Result.Lost.class);
    }

    @Test
    void handlerInTheManager_cannotBeLostAlone() {
        server.set(settings -> settings.taskPlacement(Placement.IN_PROCESS)).onTask(task -> {
            engine.get().loseRunning();
            return task.data();
        });
        var engine = run();

        assertThat(engine.await(server.submit("a")))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.failure().message()).contains("in the manager's process"));
        assertThatThrownBy(engine::loseRunning).isInstanceOf(IllegalStateException.class);
    }

    // Slots, and who waits for them

    @Test
    void slot_runsOneThingAtATime_alsoWhenAHandlerWaits() {
        fails = false;
        server.set(settings -> settings.taskWorkerNum(1)).onTask(task -> {
            return task.data().text().equals("outer")
                    ? String.valueOf(server.taskWait("inner", Duration.ofSeconds(1)))
                    : handled("inner");
        });
        var engine = run();
        engine.await(server.submit("outer"));

        assertThat(finished).isEmpty();
        assertThat(log).containsExactly("inner"); // when its slot was free, and nobody waited any more
    }

    @Test
    void callerWaitsForRoom_whileOthersRun() {
        fails = false;
        server.set(settings -> settings.maxQueuedTasks(1).whenQueueFull(WhenFull.WAIT))
                .onTask(task -> {
                    return handled(task.data().text());
                });
        var engine = run();
        var handles = new ArrayList<TaskHandle>();
        for (int i = 0; i < 10; i++) {
            handles.add(server.submit("task " + i));
        }

        assertThat(handles)
                .allSatisfy(handle -> assertThat(engine.await(handle)).isInstanceOf(Result.Done.class));
    }

    @Test
    void workerId_andTimers_areThoseOfTheSlotThatRuns() {
        server.onTask(task -> {
            int own = server.workerId();
            server.after(Duration.ofSeconds(1), () -> log.add("timer on " + (own == server.workerId())));
            return own;
        });
        var engine = run();
        engine.await(server.submit("a"));
        assertThat(engine.runNext()).isTrue();

        assertThat(log).containsExactly("timer on true");
        assertThatThrownBy(server::workerId).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void start_callsWhatAProgramCalls_andStopDoesSoToo() {
        server.onStart(() -> log.add("start"))
                .onWorkerStart(worker -> log.add("worker " + worker))
                .onWorkerStop(worker -> log.add("stop of " + worker))
                .onShutdown(() -> log.add("shutdown"))
                .onTask(task -> {
                    return task.data();
                });
        var engine = run();
        assertThat(log).contains("worker 0", "worker 1").endsWith("start");
        log.clear();

        engine.close();
        assertThat(log).contains("stop of 0", "stop of 1").endsWith("shutdown");
    }
}
