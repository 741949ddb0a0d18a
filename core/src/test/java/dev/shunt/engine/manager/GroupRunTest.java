package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.RunPolicy;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.SlotHandler;
import dev.shunt.plan.TaskSpec;
import dev.shunt.task.Outcome;
import dev.shunt.task.TaskOptions;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** An error where nobody expects one ends the work that it concerns, and nothing else. */
class GroupRunTest {

    /** Runs what it is given when it is told to. */
    private static final class QueueLoop implements Loop {

        private final Deque<Runnable> commands = new ArrayDeque<>();

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public long turn() {
            return 0;
        }

        @Override
        public void atEndOfTurn(Runnable command) {
            throw new UnsupportedOperationException("it has no turns");
        }

        @Override
        public void execute(Runnable command) {
            commands.add(command);
        }

        @Override
        public Future<?> schedule(Runnable command, Duration delay) {
            commands.add(command);
            return new CompletableFuture<>();
        }

        void run() {
            for (var next = commands.poll(); next != null; next = commands.poll()) {
                next.run();
            }
        }
    }

    /** Cannot be given what is called bad, nor interrupted. */
    private final class BrokenHost implements SlotHost<String> {

        @Override
        public void lease(ChildLoad<String> child, long lease, Work<String> work) {
            if (work.item().startsWith("bad")) {
                throw new StackOverflowError(work.item());
            }
            leased.add(work.item());
            last = () -> run.settled(child, lease, Settlement.done(Data.empty()), 1);
        }

        @Override
        public void takeBack(ChildLoad<String> child, int count) {}

        @Override
        public void interrupt(ChildLoad<String> child, long lease) {
            throw new IllegalStateException("cannot be interrupted");
        }

        @Override
        public boolean replace(ChildLoad<String> child, String why) {
            return false;
        }

        @Override
        public boolean wornOut(ChildLoad<String> child) {
            return false;
        }

        @Override
        public long runningNanos(ChildLoad<String> child, long lease) {
            return -1;
        }
    }

    private final QueueLoop loop = new QueueLoop();
    private final SteppedClock clock = new SteppedClock(Instant.EPOCH);
    private final List<String> leased = new ArrayList<>();
    private final Map<String, Outcome> ended = new LinkedHashMap<>();
    private Runnable last = () -> {};
    private final GroupRun<String> run = new GroupRun<>(
            new Group(
                    "task",
                    Placement.IN_PROCESS,
                    1,
                    0,
                    false,
                    List.of(),
                    Optional.of(TaskSpec.of(task -> task.data())),
                    SlotHandler.NONE,
                    SlotHandler.NONE),
            0,
            100,
            loop,
            clock);

    private void start() {
        run.hostedBy(new BrokenHost());
        run.tells((work, settlement) -> {
            ended.put(work.item(), settlement.outcome());
            if (work.item().equals("untold")) {
                throw new IllegalStateException("whoever hears of it throws");
            }
        });
        run.childUp(0);
    }

    private Work<String> submit(String item, TaskOptions options) {
        var work = Work.task(item, RunPolicy.of(options, false, 0, 0));
        run.submit(work);
        return work;
    }

    @Test
    void workThatNoSlotCanBeGiven_hasFailed_andTheNextRuns() {
        start();
        submit("bad", TaskOptions.DEFAULT);
        submit("good", TaskOptions.DEFAULT);
        loop.run();
        assertThat(ended).containsExactly(Map.entry("bad", Outcome.FAILED));
        assertThat(leased).containsExactly("good");
        last.run();
        assertThat(run.isIdle()).isTrue();
    }

    @Test
    void endThatCannotBeTold_holdsUpNobody() {
        start();
        submit("runs", TaskOptions.DEFAULT);
        var waits = submit("untold", TaskOptions.DEFAULT);
        run.cancel(waits);
        submit("good", TaskOptions.DEFAULT);
        try {
            loop.run();
        } catch (IllegalStateException e) {
            assertThat(e).as("a loop logs it").hasMessage("whoever hears of it throws");
        }
        last.run();
        loop.run();
        assertThat(leased).containsExactly("runs", "good");
        last.run();
        assertThat(run.isIdle()).isTrue();
    }

    @Test
    void alarmThatCannotBeServed_holdsUpNoOther() {
        start();
        submit("runs", TaskOptions.DEFAULT.deadline(Duration.ofSeconds(1)));
        submit("waits", TaskOptions.DEFAULT.deadline(Duration.ofSeconds(1)));
        clock.pass(Duration.ofSeconds(2));
        loop.run();
        assertThat(ended).containsExactly(Map.entry("waits", Outcome.TIMED_OUT));
        last.run();
        loop.run();
        assertThat(run.isIdle()).isTrue();
    }
}
