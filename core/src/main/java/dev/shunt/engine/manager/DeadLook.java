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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Looks through dead letters, those of the log and those that nodes share, on the asking thread, which may wait for the disk. */
final class DeadLook {

    private static final int MAX_GROUPS = 100;

    /** Letters whose payload a filter looks at. */
    private static final int READ_AT_ONCE = 64;

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
        long all = matching(filter, fact -> {
            matching.add(fact.id());
            groups.computeIfAbsent(fact.cause(), _ -> new Counted()).add(fact.diedAtMillis());
        });
        var letters = some(paging.of(inOrder(matching))); // but for those that have gone in the meantime
        return new DeadPage(letters, paging.page(), paging.size(), matching.size(), all, groups(groups));
    }

    private void some(List<Long> ids, Consumer<DeadTask> each) {
        try {
            for (var source : sources()) {
                source.some(ids, each);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private List<DeadPage.Letter> some(List<Long> ids) {
        var letters = new TreeMap<Long, DeadPage.Letter>();
        some(ids, letter -> letters.put(letter.id(), letter(letter)));
        return List.copyOf(letters.values());
    }

    private static List<Long> inOrder(List<Long> ids) {
        return ids.stream().sorted().toList();
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
        matching(filter, fact -> ids.add(fact.id()));
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

    /** In no order: long payloads are read when all else is known. How many letters there were. */
    private long matching(DeadFilter filter, Consumer<DeadFact> each) {
        var unread = new ArrayList<DeadFact>();
        var causes = new HashMap<DeadFact.Cause, Boolean>();
        long all = each(fact -> {
            if (!fact.matches(filter) || !isOf(filter, fact.cause(), causes)) {
                return;
            }
            if (filter.text().isEmpty()
                    || (fact.text() != null
                            && fact.text().contains(filter.text().get()))) {
                each.accept(fact);
            } else if (fact.text() == null) {
                unread.add(fact);
            }
        });
        for (int from = 0; from < unread.size(); from += READ_AT_ONCE) {
            var some = unread.subList(from, Math.min(unread.size(), from + READ_AT_ONCE));
            var found = new HashSet<Long>();
            some(some.stream().map(DeadFact::id).toList(), letter -> {
                if (shown.searched(DeadFact.type(letter), letter.task().data())
                        .contains(filter.text().orElseThrow())) {
                    found.add(letter.id());
                }
            });
            some.stream().filter(fact -> found.contains(fact.id())).forEach(each);
        }
        return all;
    }

    /** @param known of those asked before: there are few causes of many letters */
    private static boolean isOf(DeadFilter filter, DeadFact.Cause cause, Map<DeadFact.Cause, Boolean> known) {
        return filter.cause()
                .map(wanted -> known.computeIfAbsent(cause, one -> one.key().equals(wanted)))
                .orElse(true);
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
                        entry.getKey().key(),
                        entry.getValue().count,
                        Instant.ofEpochMilli(entry.getValue().first),
                        Instant.ofEpochMilli(entry.getValue().last)))
                .sorted(Comparator.comparingLong(DeadPage.Group::count).reversed())
                .limit(MAX_GROUPS)
                .toList();
    }
}
