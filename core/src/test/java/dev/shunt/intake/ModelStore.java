package dev.shunt.intake;

import dev.shunt.intake.ModelTask.Item;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Page;
import dev.shunt.task.UnreadableTaskException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that answers when it is told to: what it was given in that order, what it was asked in that order. */
final class ModelStore implements Store<Item> {

    private record Append(ModelTask task, Consumer<@Nullable IOException> answered) {}

    private interface Question {
        /** @param failed whether it cannot be read now */
        void answer(boolean failed);
    }

    private final IntakeModel model;
    private final Deque<Append> appends = new ArrayDeque<>();
    private final Deque<Question> questions = new ArrayDeque<>();
    private final NavigableMap<Long, ModelTask> byPosition = new TreeMap<>();
    private final Map<Long, Long> positions = new HashMap<>();
    private long last;

    ModelStore(IntakeModel model) {
        this.model = model;
    }

    long keep(ModelTask task) {
        byPosition.put(++last, task);
        positions.put(task.id, last);
        return last;
    }

    boolean has(ModelTask task) {
        return positions.containsKey(task.id);
    }

    void remove(ModelTask task) {
        Long position = positions.remove(task.id);
        if (position != null) {
            byPosition.remove(position);
        }
    }

    boolean isStoring() {
        return !appends.isEmpty();
    }

    boolean owesAnswer() {
        return !appends.isEmpty() || !questions.isEmpty();
    }

    @Override
    public void append(Item item, Consumer<@Nullable IOException> answered) {
        model.storing(item);
        appends.add(new Append(item.task(), answered));
    }

    void answerAppend(boolean fails) {
        var append = appends.poll();
        if (append == null) {
            return;
        }
        append.task.storing = false;
        append.task.refused = fails;
        if (!fails) {
            append.task.isStored = true;
            keep(append.task);
        }
        append.answered.accept(fails ? new IOException("the disk is full") : null);
    }

    @Override
    public void page(long after, long upTo, int limit, long maxBytes, Consumer<Read<Page>> then) {
        model.reads(limit, maxBytes);
        questions.add(failed -> {
            if (failed) {
                then.accept(new Read.Failed<>(new IOException("cannot be read")));
                return;
            }
            var page = new ArrayList<StoredTask>();
            long end = after;
            long bytes = 0;
            for (var kept : byPosition.subMap(after, false, upTo, true).entrySet()) {
                if (page.size() == limit || bytes >= maxBytes || (kept.getValue().unreadable && !page.isEmpty())) {
                    break;
                }
                if (kept.getValue().unreadable) {
                    then.accept(new Read.Unreadable<>(damaged(kept.getValue(), kept.getKey())));
                    return;
                }
                page.add(kept.getValue().toStore());
                bytes += kept.getValue().data.bytes().length;
                end = kept.getKey();
            }
            then.accept(new Read.Found<>(new Page(page, end)));
        });
    }

    private static UnreadableTaskException damaged(ModelTask task, long position) {
        return new UnreadableTaskException(task.id, position, "damaged", new IOException("a bit has flipped"));
    }

    @Override
    public void tasks(List<Long> ids, long maxBytes, Consumer<Read<List<Optional<StoredTask>>>> then) {
        var asked = ids.stream().map(model::task).toList();
        boolean mayEnd = asked.getFirst().isToEnd(model.time.nanoTime())
                || !asked.getFirst().unique().isEmpty();
        if (asked.size() != 1 || !mayEnd) { // which is fetched in any case
            model.reads(ids.size(), maxBytes);
        }
        asked.forEach(task -> task.reading = true);
        questions.add(failed -> {
            asked.forEach(task -> task.reading = false);
            if (failed) {
                asked.forEach(task -> task.readFailed = true);
                model.givenUp |= model.stopping; // it is not asked again
                then.accept(new Read.Failed<>(new IOException("cannot be read")));
                return;
            }
            if (asked.getFirst().unreadable && has(asked.getFirst())) {
                then.accept(new Read.Unreadable<>(damaged(asked.getFirst(), 1)));
                return;
            }
            var found = new ArrayList<Optional<StoredTask>>();
            long bytes = 0;
            for (var task : asked) {
                if (bytes >= maxBytes || (task.unreadable && has(task))) {
                    break;
                }
                found.add(has(task) ? Optional.of(task.toStore()) : Optional.empty());
                bytes += has(task) ? task.data.bytes().length : 0;
            }
            then.accept(new Read.Found<>(found));
        });
    }

    void answerQuestion(boolean fails) {
        var question = questions.poll();
        if (question != null) {
            question.answer(fails);
        }
    }

    @Override
    public long lastPosition() {
        return last;
    }

    @Override
    public void notRead(long tasks, long againNanos, IOException problem) {
        IntakeModel.check(againNanos > 0 || model.stopping, () -> "not tried again: " + problem);
    }

    @Override
    public void readAgain() {}

    @Override
    public void left(int tasks) {
        IntakeModel.check(model.stopping && tasks > 0, () -> "left to the next run: " + tasks);
    }

    @Override
    public long taskCount() {
        return byPosition.size();
    }
}
