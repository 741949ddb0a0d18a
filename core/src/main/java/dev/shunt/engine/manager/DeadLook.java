package dev.shunt.engine.manager;

import dev.shunt.control.ControlException;
import dev.shunt.control.DeadFilter;
import dev.shunt.control.DeadPage;
import dev.shunt.control.Paging;
import dev.shunt.control.TaskInfo;
import dev.shunt.task.DeadTask;
import dev.shunt.task.UnreadableTaskException;
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
import org.jspecify.annotations.Nullable;

/** Looks through the dead letters that the log keeps, page by page, on the asking thread, which may wait for the disk. */
final class DeadLook {

    private static final int PAGE = 500;
    private static final int MAX_GROUPS = 100;

    /** Of different reasons that are remembered while letters are counted. */
    private static final int MAX_TOLD = 1000;

    private static final String UNTYPED = "untyped";

    private final Journal journal;
    private final Shown shown;

    DeadLook(Journal journal, Shown shown) {
        this.journal = journal;
        this.shown = shown;
    }

    DeadPage list(DeadFilter filter, Paging paging) {
        var letters = new ArrayList<DeadPage.Letter>();
        var groups = new HashMap<Cause, Counted>();
        var causes = new HashMap<Told, Cause>();
        long[] count = new long[2];
        each(letter -> {
            count[0]++;
            if (!matches(letter, filter)) {
                return;
            }
            if (count[1] >= paging.from() && letters.size() < paging.size()) {
                letters.add(letter(letter));
            }
            count[1]++;
            if (causes.size() > MAX_TOLD) {
                causes.clear();
            }
            var cause = causes.computeIfAbsent(new Told(typeName(letter), letter.reason()), _ -> Cause.of(letter));
            groups.computeIfAbsent(cause, _ -> new Counted()).add(letter.diedAtMillis());
        });
        return new DeadPage(letters, paging.page(), paging.size(), count[1], count[0], groups(groups));
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
        each(letter -> {
            if (matches(letter, filter)) {
                ids.add(letter.id());
            }
        });
        return ids;
    }

    Optional<DeadTask> one(long id) {
        try {
            return journal.now(log -> log.dead(id));
        } catch (IllegalStateException e) {
            throw unreadable(e);
        }
    }

    private void each(Consumer<DeadTask> each) {
        long after = -1;
        while (true) {
            List<DeadTask> page = page(after);
            if (page.isEmpty()) {
                return;
            }
            page.forEach(each);
            after = page.getLast().id();
        }
    }

    /** One that cannot be read is passed over; the log says so elsewhere. */
    private List<DeadTask> page(long after) {
        long from = after;
        while (true) {
            long first = from;
            try {
                return journal.now(log -> {
                    try {
                        return log.deadTasks(first, PAGE);
                    } catch (UnreadableTaskException e) {
                        throw new Unreadable(e.taskId());
                    }
                });
            } catch (Unreadable e) {
                from = e.taskId;
            } catch (IllegalStateException e) {
                throw unreadable(e);
            }
        }
    }

    private static ControlException unreadable(IllegalStateException problem) {
        Throwable cause = problem.getCause() instanceof IOException io ? io : problem;
        return ControlException.unavailable("the task log cannot be read: " + cause.getMessage());
    }

    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final long taskId;

        private Unreadable(long taskId) {
            super("dead letter " + taskId, null, false, false);
            this.taskId = taskId;
        }
    }

    private boolean matches(DeadTask letter, DeadFilter filter) {
        String type = typeName(letter);
        return (filter.ids().isEmpty() || filter.ids().contains(letter.id()))
                && filter.type().map(type::equals).orElse(true)
                && filter.error().map(letter.reason()::contains).orElse(true)
                && filter.since()
                        .map(since -> letter.diedAtMillis() >= since.toEpochMilli())
                        .orElse(true)
                && filter.text()
                        .map(text -> shown.contains(type, letter.task().data(), text))
                        .orElse(true);
    }

    static String typeName(DeadTask letter) {
        return letter.task().type().isEmpty() ? UNTYPED : letter.task().type();
    }

    private DeadPage.Letter letter(DeadTask letter) {
        var payload = shown.brief(typeName(letter), letter.task().data());
        return new DeadPage.Letter(
                letter.id(),
                typeName(letter),
                firstLine(letter.reason()),
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
        String type = typeName(letter);
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

    static String firstLine(String reason) {
        return reason.lines().findFirst().orElse("");
    }

    // Groups

    /** Most letters tell what others have told, to the letter: it is looked through once. */
    private record Told(String type, String reason) {}

    /** What letters have in common: their type, their exception, and where it came from. */
    private record Cause(
            String type, String error, @Nullable String at) {

        static Cause of(DeadTask letter) {
            String line = firstLine(letter.reason());
            int colon = line.indexOf(": ");
            var frame = letter.reason()
                    .lines()
                    .map(String::strip)
                    .filter(text -> text.startsWith("at ") && !isOfJdk(text))
                    .findFirst();
            boolean thrown = frame.isPresent() || letter.reason().contains("\n\tat ");
            return new Cause(
                    typeName(letter),
                    thrown && colon > 0 ? line.substring(0, colon) : line,
                    frame.map(text -> text.substring("at ".length())).orElse(null));
        }

        private static boolean isOfJdk(String frame) {
            return frame.startsWith("at java.") || frame.startsWith("at jdk.") || frame.startsWith("at java/");
        }
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

    private static List<DeadPage.Group> groups(Map<Cause, Counted> all) {
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
