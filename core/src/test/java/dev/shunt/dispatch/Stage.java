package dev.shunt.dispatch;

import dev.shunt.task.Durability;
import dev.shunt.task.RateLimit;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A dispatcher on a stepped clock, its effects recorded, and tasks called by their names. */
final class Stage {

    static final Duration GRACE = DispatcherOptions.YIELD_GRACE;
    static final Duration SECOND = Duration.ofSeconds(1);

    /** A run that is so long that nothing is prefetched behind it, and one after which much is. */
    private static final long LONG = SECOND.toNanos();

    private static final long SHORT = 1_000;

    final SteppedClock clock = new SteppedClock();
    final RecordedEffects effects = new RecordedEffects();
    final Dispatcher<String> dispatcher;
    private final Map<String, Work<String>> works = new HashMap<>();

    private Stage(DispatcherOptions options, List<Integer> slots) {
        dispatcher = new Dispatcher<>(slots, options, clock, new SplittableRandom(1), effects);
    }

    /** With a child at each place. */
    static Stage of(Integer... slots) {
        return of(DispatcherOptions.ofMaxQueued(1_000), slots);
    }

    static Stage of(DispatcherOptions options, Integer... slots) {
        var stage = withoutChildren(options, slots);
        for (int place = 0; place < slots.length; place++) {
            stage.dispatcher.childUp(place);
        }
        return stage;
    }

    static Stage withoutChildren(DispatcherOptions options, Integer... slots) {
        return new Stage(options, Arrays.asList(slots));
    }

    static DispatcherOptions rated(RateLimit... rates) {
        return new DispatcherOptions(
                1_000, GRACE, 0, 0, Arrays.stream(rates).map(Optional::of).toList());
    }

    static DispatcherOptions maxRuns(int runs) {
        return new DispatcherOptions(1_000, GRACE, runs, 0, List.of());
    }

    Work<String> submit(String name) {
        return submit(name, TaskOptions.DEFAULT);
    }

    Work<String> submit(String name, TaskOptions options) {
        return submit(name, options, -1);
    }

    Work<String> submit(String name, TaskOptions options, int type) {
        return submit(Work.task(name, RunPolicy.of(options, options.durability() != Durability.MEMORY, 0, 0), type, 0));
    }

    Work<String> submit(Work<String> work) {
        works.put(work.item(), work);
        dispatcher.submit(work);
        return work;
    }

    void cancel(String name) {
        dispatcher.cancel(work(name));
    }

    Work<String> work(String name) {
        return Objects.requireNonNull(works.get(name), name);
    }

    @Nullable Work<String> done(String name) {
        return settle(name, null, LONG);
    }

    @Nullable Work<String> doneQuickly(String name) {
        return settle(name, null, SHORT);
    }

    @Nullable Work<String> failed(String name) {
        return settle(name, Failed.BY_POLICY, LONG);
    }

    @Nullable Work<String> settle(String name, @Nullable Failed failed, long nanos) {
        var given = effects.last(name);
        return dispatcher.settled(given.load(), given.lease(), failed, nanos);
    }

    void takenBack(String... names) {
        var first = effects.last(names[0]);
        dispatcher.takenBack(
                first.load(),
                Arrays.stream(names).map(name -> effects.last(name).lease()).toList());
    }

    /** The child that has it dies, after it had started these. */
    void dies(ChildLoad<String> child, String... started) {
        var leases =
                Arrays.stream(started).map(name -> effects.last(name).lease()).toList();
        dispatcher.childDown(child, leases::contains, "killed");
    }

    ChildLoad<String> childOf(String name) {
        return effects.last(name).load();
    }

    void pass(Duration time) {
        clock.advance(time);
        dispatcher.tick();
    }

    /** What has been given to children, in that order. */
    List<String> given() {
        return effects.given.stream().map(RecordedEffects.Given::item).toList();
    }

    boolean isInterrupted(String name) {
        return effects.interrupted.contains(effects.last(name).lease());
    }

    @Nullable Ending ending(String name) {
        return effects.ended.get(name);
    }

    /** Nothing is left of anything. */
    boolean isEmpty() {
        return dispatcher.sizes().values().stream().allMatch(size -> size == 0);
    }
}
