package dev.shunt.engine.manager;

import dev.shunt.control.Health;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * Whether the program lives, and whether it should be asked. The main loop shows each second that it turns; whether it has
 * is looked at from elsewhere.
 */
final class HealthCheck {

    /** As long as it may not have turned. */
    static final Duration STUCK = Duration.ofSeconds(5);

    private static final Duration BEAT = Duration.ofSeconds(1);

    private final ManagerParts parts;
    private final ProgramState state;
    private final Latencies lag = new Latencies();
    private long dueNanos;
    private volatile long turnedAtNanos;

    HealthCheck(ManagerParts parts, ProgramState state) {
        this.parts = parts;
        this.state = state;
        turnedAtNanos = parts.ports().clock().nanoTime();
        dueNanos = turnedAtNanos;
    }

    /** How late the main loop came to what was due. Lives there. */
    Latencies lag() {
        return lag;
    }

    /** From any thread. */
    void begin() {
        main().execute(this::beat);
    }

    private void beat() {
        long now = parts.ports().clock().nanoTime();
        lag.add(now - dueNanos);
        dueNanos = now + BEAT.toNanos();
        turnedAtNanos = now;
        try {
            var _ = main().schedule(this::beat, BEAT);
        } catch (RejectedExecutionException e) {
            // the program has ended
        }
    }

    private Loop main() {
        return parts.ports().main();
    }

    Health live() {
        var problems = stuck();
        return new Health(problems.isEmpty(), state.name(), problems);
    }

    private List<String> stuck() {
        long seconds = Duration.ofNanos(parts.ports().clock().nanoTime() - turnedAtNanos)
                .toSeconds();
        return seconds >= STUCK.toSeconds()
                ? List.of("the main loop has not turned for " + seconds + " s: a handler or callback holds it up")
                : List.of();
    }

    Health ready(OnMain main) {
        var problems = new ArrayList<>(stuck());
        if (!state.isRunning()) {
            problems.add("the program is " + state.name());
        }
        if (problems.isEmpty()) {
            problems.addAll(main.ask(this::problems));
        }
        return new Health(problems.isEmpty(), state.name(), List.copyOf(problems));
    }

    private List<String> problems() {
        var problems = new ArrayList<String>();
        parts.children()
                .withoutChildren()
                .forEach(group -> problems.add("group " + group + " has no child that is ready"));
        for (var tasks : parts.anyTasks().all()) {
            var intake = tasks.intake();
            if (intake.queued() >= tasks.limit().maxTasks()
                    || intake.queuedBytes() >= tasks.limit().maxBytes()) {
                problems.add("the queue of group " + tasks.group().name() + " is full: " + intake.queued()
                        + " tasks wait in " + intake.queuedBytes() + " bytes");
            }
            if (tasks.isDraining()) {
                problems.add("group " + tasks.group().name() + " is draining");
            }
        }
        parts.journal().problem().ifPresent(problem -> problems.add("the task log cannot be written: " + problem));
        return problems;
    }
}
