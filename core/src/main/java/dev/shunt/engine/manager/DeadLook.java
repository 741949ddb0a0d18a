package dev.shunt.engine.manager;

import dev.shunt.control.ControlException;
import dev.shunt.control.DeadFilter;
import dev.shunt.control.DeadPage;
import dev.shunt.control.Paging;
import dev.shunt.control.TaskInfo;
import dev.shunt.task.DeadTask;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks through dead letters, those of the log and those that nodes share, on the asking thread, which may wait for the disk. */
final class DeadLook {

    private static final int MAX_GROUPS = 100;

    private final OwnDead own;
    private final Optional<SharedDead> shared;
    private final Shown shown;

    DeadLook(OwnDead own, Optional<SharedDead> shared, Shown shown) {
        this.own = own;
        this.shared = shared;
        this.shown = shown;
    }

    static DeadLook of(ManagerParts parts, Shown shown) {
        var shared = parts.anyTasks()
                .sharing()
                .map(sharing -> new SharedDead(sharing.queue(), parts.plan().codec(), shown));
        return new DeadLook(new OwnDead(parts.journal(), shown), shared, shown);
    }

    /** Reads what there is, so that nobody has to wait for it later. */
    void begin() {
        own.begin();
    }

    private List<DeadSource> sources() {
        return shared.<List<DeadSource>>map(fleet -> List.of(own, fleet)).orElse(List.of(own));
    }

    DeadPage list(DeadFilter filter, Paging paging) {
        var groups = new HashMap<DeadFact.Cause, Counted>();
        var matching = new ArrayList<Long>();
        long all = each(fact -> {
            if (matches(fact, filter)) {
                matching.add(fact.id());
                groups.computeIfAbsent(fact.cause(), _ -> new Counted()).add(fact.diedAtMillis());
            }
        });
        var letters = some(paging.of(inOrder(matching))); // but for those that have gone in the meantime
        return new DeadPage(letters, paging.page(), paging.size(), matching.size(), all, groups(groups));
    }

    private List<DeadPage.Letter> some(List<Long> ids) {
        var letters = new ArrayList<DeadTask>();
        try {
            for (var source : sources()) {
                letters.addAll(source.some(ids));
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return letters.stream()
                .sorted(Comparator.comparingLong(DeadTask::id))
                .map(this::letter)
                .toList();
    }

    /** Those of a source have it already. */
    private List<Long> inOrder(List<Long> ids) {
        return shared.isEmpty() ? ids : ids.stream().sorted().toList();
    }

    /** The ids of those that match, in their order. */
    List<Long> ids(DeadFilter filter) {
        var ids = new ArrayList<Long>();
        if (!filter.ids().isEmpty() && filter.equals(DeadFilter.ofIds(filter.ids()))) { // one by one is less than all
            for (long id : filter.ids()) {
                one(id).ifPresent(letter -> ids.add(letter.id()));
            }
            ids.sort(Comparator.naturalOrder());
            return ids;
        }
        each(fact -> {
            if (matches(fact, filter)) {
                ids.add(fact.id());
            }
        });
        return inOrder(ids);
    }

    Optional<DeadTask> one(long id) {
        try {
            for (var source : sources()) {
                var letter = source.one(id);
                if (letter.isPresent()) {
                    return letter;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** How many there were. */
    private long each(Consumer<DeadFact> each) {
        long[] count = new long[1];
        try {
            for (var source : sources()) {
                source.each(fact -> {
                    count[0]++;
                    each.accept(fact);
                });
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return count[0];
    }

    private static ControlException unreadable(IOException problem) {
        return ControlException.unavailable("dead letters cannot be read: " + problem.getMessage());
    }

    private boolean matches(DeadFact fact, DeadFilter filter) {
        return fact.matches(filter)
                && filter.text().map(text -> contains(fact, text)).orElse(true);
    }

    private boolean contains(DeadFact fact, String text) {
        return fact.text() != null
                ? fact.text().contains(text)
                : one(fact.id())
                        .map(letter -> shown.searched(
                                        fact.cause().type(), letter.task().data())
                                .contains(text))
                        .orElse(false);
    }

    private DeadPage.Letter letter(DeadTask letter) {
        var payload = shown.brief(DeadFact.type(letter), letter.task().data());
        return new DeadPage.Letter(
                letter.id(),
                DeadFact.type(letter),
                DeadFact.line(letter.reason()),
                letter.outcome().toLowerCase(Locale.ROOT),
                letter.task().attempts(),
                Instant.ofEpochMilli(letter.diedAtMillis()),
                Instant.ofEpochMilli(letter.task().acceptedAtMillis()),
                letter.reason(),
                payload.value(),
                payload.cut() ? true : null);
    }

    /** As a task that has ended so. */
    static TaskInfo info(DeadTask letter, Shown shown) {
        var task = letter.task();
        String type = DeadFact.type(letter);
        return new TaskInfo(
                letter.id(),
                type,
                "",
                "dead",
                task.attempts(),
                0,
                Instant.ofEpochMilli(task.acceptedAtMillis()),
                null,
                true,
                task.data().size(),
                task.options().orderingKey().orElse(null),
                task.options().unique().map(unique -> unique.key()).orElse(null),
                null,
                null,
                null,
                shown.whole(type, task.data()),
                null,
                task.options().headers().isEmpty() ? null : task.options().headers(),
                letter.reason());
    }

    private static final class Counted {
        private long count;
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        void add(long millis) {
            count++;
            first = Math.min(first, millis);
            last = Math.max(last, millis);
        }
    }

    private static List<DeadPage.Group> groups(Map<DeadFact.Cause, Counted> all) {
        return all.entrySet().stream()
                .map(entry -> new DeadPage.Group(
                        entry.getKey().type(),
                        entry.getKey().error(),
                        entry.getKey().at(),
                        entry.getValue().count,
                        Instant.ofEpochMilli(entry.getValue().first),
                        Instant.ofEpochMilli(entry.getValue().last)))
                .sorted(Comparator.comparingLong(DeadPage.Group::count).reversed())
                .limit(MAX_GROUPS)
                .toList();
    }
}
