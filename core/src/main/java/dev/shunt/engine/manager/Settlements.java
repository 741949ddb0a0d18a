package dev.shunt.engine.manager;

import dev.shunt.dispatch.Ending;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.log.Log;
import dev.shunt.plan.TaskSpec;
import dev.shunt.task.Durability;
import dev.shunt.task.Outcome;
import dev.shunt.task.Result;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * What becomes of tasks of one group after an attempt: the log hears of it first, and then whoever asked. What the log
 * cannot take it is told again until it can. Lives on the main loop.
 */
final class Settlements {

    private static final Logger LOG = Log.of(Settlements.class);
    private static final Duration SETTLE_AGAIN = Duration.ofSeconds(1);

    private final TaskSpec spec;
    private final Loop loop;
    private final Clock clock;
    private final Journal journal;
    private final DeadLetters letters;
    private final Callers callers;
    private final Deaths deaths;
    private final Consumer<TaskItem> over;
    private final TurnTime turnTime;
    private final TaskCounts counts = new TaskCounts();
    private BiConsumer<TaskItem, Outcome> ended = (_, _) -> {};
    private int settling;

    /** @param over told of each task that is over, or left to the log */
    Settlements(
            GroupRun<TaskItem> run,
            Journal journal,
            DeadLetters letters,
            Callers callers,
            Deaths deaths,
            TurnTime turnTime,
            Consumer<TaskItem> over) {
        this.spec = run.group().tasks().orElseThrow();
        this.loop = run.loop();
        this.clock = run.clock();
        this.journal = journal;
        this.letters = letters;
        this.callers = callers;
        this.deaths = deaths;
        this.over = over;
        this.turnTime = turnTime;
    }

    TaskCounts counts() {
        return counts;
    }

    /** An attempt has run to its end. */
    void ran(TaskItem task, int attempt, Outcome outcome, long runNanos) {
        counts.countRun(task, attempt, outcome, runNanos, turnTime.nanoTime());
    }

    /** Told of each end, with how it was. */
    void whenEnded(BiConsumer<TaskItem, Outcome> listener) {
        ended = listener;
    }

    /** What has ended and the log is not yet told. */
    int settling() {
        return settling;
    }

    void retried(TaskItem task, int attempts, long delayNanos) {
        if (task.stored()) {
            long due = clock.epochMillis() + delayNanos / 1_000_000;
            deaths.retried(task.id());
            var entry = new Entry.Retried(task.id(), attempts, due);
            journal.append(entry, Durability.DISK)
                    .then(_ -> {}, problem -> LOG.error("the task log does not know of {}", entry, problem));
        }
    }

    /** The program stops, and the log keeps it: it is not over. */
    void kept(TaskItem task) {
        deaths.kept(task.id());
        if (!journal.outlivesProcess()) {
            ended(task, 0, Settlement.rejected(Result.Rejected.STOPPING));
        } else if (!task.recovered()) { // else who could be told is gone, and nothing has changed
            tell(task, Settlement.of(new Ending.Kept()));
        } else {
            over.accept(task);
        }
    }

    /** The log hears first: what whoever asked was told of never runs again. */
    void ended(TaskItem task, int attempts, Settlement settlement) {
        boolean dead = DeadLetters.keep(task, settlement);
        if (!task.stored() && !dead) {
            tell(task, settlement);
            return;
        }
        settling++;
        Entry entry = dead ? letter(task, attempts, settlement) : new Entry.Settled(task.id());
        journal.append(entry, durability(task))
                .then(
                        _ -> {
                            settling--;
                            if (dead) {
                                letters.recount();
                            }
                            tell(task, settlement);
                        },
                        problem -> {
                            settling--;
                            LOG.error(
                                    "task {} has ended, but the log cannot keep that: {}; it is told again until it can",
                                    task.id(),
                                    problem.getMessage());
                            settleAgain(entry, durability(task));
                            tell(task, settlement);
                        });
    }

    private Entry letter(TaskItem task, int attempts, Settlement settlement) {
        return letters.letter(task.toStore(spec.typeName(task.task().type()), attempts, 0), settlement);
    }

    /** Else the task would run again in the next run of the program. */
    private void settleAgain(Entry entry, Durability durability) {
        var _ = loop.schedule(
                () -> journal.append(entry, durability)
                        .then(
                                _ -> {
                                    if (entry instanceof Entry.Died) {
                                        letters.recount();
                                    }
                                },
                                _ -> settleAgain(entry, durability)),
                SETTLE_AGAIN);
    }

    /** Whoever asked hears how it ended, and nothing is kept of it. */
    void tell(TaskItem task, Settlement settlement) {
        over.accept(task);
        tellOfOther(task, settlement);
    }

    /** The log has it, damaged: what it was submitted with, its context as well, is known no more. */
    void unreadable(TaskItem task, String problem) {
        String type = spec.typeName(task.task().type());
        String what = "task " + task.id() + (type.isEmpty() ? "" : " of type " + type);
        LOG.error("{} does not run: {}", what, problem);
        tell(task, Settlement.lost(what + " does not run: " + problem));
    }

    /** Of one that was not taken in. */
    void tellOfOther(TaskItem task, Settlement settlement) {
        counts.countEnded(task, settlement.outcome(), turnTime.nanoTime());
        ended.accept(task, settlement.outcome());
        callers.tell(task, settlement);
    }

    private static Durability durability(TaskItem task) {
        return task.stored() ? TaskStore.durability(task) : task.options().durability();
    }
}
