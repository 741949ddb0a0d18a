package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.task.DeadTask;
import dev.shunt.task.TaskQueue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Dead letters that nodes share. What is known of one is kept; a question asks which there are and when they died, and reads
 * those that are new. Safe for use by any thread.
 */
final class SharedDead implements DeadSource {

    private static final int AT_ONCE = 100;

    private final TaskQueue queue;
    private final Codec codec;
    private final Shown shown;
    private final DeadFacts facts;

    /** When each died that is known, as the queue says it. */
    private final Map<Long, Long> known = new HashMap<>();

    SharedDead(TaskQueue queue, Codec codec, Shown shown) {
        this.queue = queue;
        this.codec = codec;
        this.shown = shown;
        facts = new DeadFacts(shown);
    }

    @Override
    public void each(Consumer<DeadFact> each) throws IOException {
        var now = now();
        if (now.isPresent()) {
            now.get().forEach(each);
            return;
        }
        var passing = new DeadFacts(shown);
        DeadPages.each(
                (after, limit) -> queue.deadTasks(after, limit, DeadPages.MAX_PAGE_BYTES),
                letter -> each.accept(passing.of(letter.with(codec))),
                _ -> {});
    }

    /** Empty if there are too many to be kept. */
    private synchronized Optional<List<DeadFact>> now() throws IOException {
        var marks = queue.deadMarks();
        if (marks.size() > DeadFacts.MAX) {
            facts.clear();
            known.clear();
            return Optional.empty();
        }
        var gone = new HashSet<>(known.keySet());
        var fresh = new ArrayList<Long>();
        for (var mark : marks) {
            gone.remove(mark.id());
            Long died = known.put(mark.id(), mark.died());
            if (died == null || died != mark.died()) {
                fresh.add(mark.id());
            }
        }
        gone.forEach(this::forget);
        read(fresh);
        if (facts.isTooMuch()) {
            facts.clear();
            known.clear();
            return Optional.empty();
        }
        return Optional.of(List.copyOf(facts.all()));
    }

    private void forget(long id) {
        known.remove(id);
        facts.remove(id);
    }

    private void read(List<Long> fresh) throws IOException {
        for (int from = 0; from < fresh.size() && !facts.isTooMuch(); ) {
            try {
                from = read(fresh, from, facts::put);
            } catch (IOException | RuntimeException e) {
                fresh.subList(from, fresh.size()).forEach(known::remove); // they are asked for again
                throw e;
            }
        }
    }

    /** Some of those, which are in their order, from one place on; returns the next place. */
    private int read(List<Long> ids, int from, Consumer<DeadTask> each) throws IOException {
        var some = ids.subList(from, Math.min(ids.size(), from + AT_ONCE));
        var letters = queue.deadTasks(some, DeadPages.MAX_PAGE_BYTES);
        letters.forEach(letter -> each.accept(letter.with(codec)));
        boolean haveGone = letters.isEmpty();
        return from + (haveGone ? some.size() : some.indexOf(letters.getLast().id()) + 1);
    }

    @Override
    public Optional<DeadTask> one(long id) throws IOException {
        return queue.dead(id).map(letter -> letter.with(codec));
    }

    @Override
    public void some(List<Long> ids, Consumer<DeadTask> each) throws IOException {
        for (int from = 0; from < ids.size(); ) {
            from = read(ids, from, each);
        }
    }
}
