package dev.shunt.testkit;

import dev.shunt.data.Data;
import dev.shunt.task.Outcome;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Claim;
import dev.shunt.task.TaskQueue.Counts;
import dev.shunt.task.TaskQueue.Entry;
import dev.shunt.task.TaskQueue.Kind;
import dev.shunt.task.TaskQueue.Lease;
import dev.shunt.task.TaskQueue.Listener;
import dev.shunt.task.TaskQueue.NodeInfo;
import dev.shunt.task.TaskQueue.Self;
import dev.shunt.task.TaskQueue.SharedTask;
import dev.shunt.testkit.MemoryRow.State;
import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The tasks of a {@link MemoryTaskQueue}: what PostgreSQL's tables and statements are to the other one. Under its lock. */
@SuppressWarnings({"EnumOrdinal", "ReferenceEquality"}) // priorities keep their order; a row is itself
final class SharedTasks {

    private static final int MOST_DEATHS = 5;
    private static final long ADOPTED_AFTER = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long VALID = TimeUnit.DAYS.toNanos(1);

    private final Clock clock;
    private final Map<Long, MemoryRow> rows = new LinkedHashMap<>();
    private final Map<String, Deque<MemoryRow>> lanes = new HashMap<>();
    private final MemoryRates rates = new MemoryRates();
    private final MemoryLetters letters;
    private final Map<Integer, MemoryMember> members = new LinkedHashMap<>();
    private final MemorySchedules schedules;
    private final Map<Integer, String> gone = new HashMap<>();
    private final List<Runnable> news = new ArrayList<>();
    private int lastNode;
    private long lastPos;
    private long reserved;

    SharedTasks(Clock clock) {
        this.clock = clock;
        schedules = new MemorySchedules(clock);
        letters = new MemoryLetters(clock);
    }

    MemoryMember join(String name, Self self, Listener listener) {
        var member = new MemoryMember(++lastNode, name, self, listener, clock.nanoTime());
        members.put(member.number, member);
        long now = clock.nanoTime();
        news.add(() -> listener.alive(now, VALID));
        return member;
    }

    List<Runnable> news() {
        var all = List.copyOf(news);
        news.clear();
        return all;
    }

    void answer(Consumer<Answer> done, Answer answer) {
        news.add(() -> done.accept(answer));
    }

    Answer take(Entry entry, MemoryMember me) {
        return switch (entry) {
            case Entry.Offered(var task) -> offer(task, me.number);
            case Entry.Withdrawn(long id) -> {
                withFound(id, MemoryRow::waits, row -> {
                    rows.remove(id);
                    release(row);
                });
                yield new Answer.Kept(true);
            }
            case Entry.Begun(var lease) -> leased(lease, _ -> {});
            case Entry.Settled(var lease, var outcome, var data) -> ended(lease, outcome, data, me);
            case Entry.Retried(var lease, int attempts, long delay) ->
                leased(lease, row -> {
                    row.attempts = attempts;
                    row.deaths = 0;
                    row.state = State.DELAYED;
                    row.dueNanos = clock.nanoTime() + delay;
                });
            case Entry.Returned(var lease) -> leased(lease, this::again);
            case Entry.Died(var lease, var outcome, var data, int attempts, String reason) -> {
                leased(lease, row -> letters.add(row, outcome, attempts, reason));
                yield ended(lease, outcome, data, me);
            }
            case Entry.Told(long id) -> {
                withFound(id, row -> row.state == State.ENDED, _ -> rows.remove(id));
                yield new Answer.Kept(true);
            }
            case Entry.CancelAsked(long id) -> new Answer.Kept(cancel(id));
            case Entry.Revived(long id) -> revive(id);
            case Entry.Discarded(long id) -> new Answer.Kept(letters.remove(id));
            case Entry.Due(var occurrence) -> schedules.due(occurrence, me.number);
            case Entry.Skipped(var occurrence) -> {
                schedules.submit(occurrence, me.number);
                yield new Answer.Kept(true);
            }
        };
    }

    private boolean withFound(long id, Predicate<MemoryRow> which, Consumer<MemoryRow> then) {
        var row = rows.get(id);
        boolean found = row != null && which.test(row);
        if (row != null && found) {
            then.accept(row);
        }
        return found;
    }

    private boolean isValid(Lease lease) {
        return withFound(
                lease.taskId(), row -> row.state == State.LEASED && row.lease().equals(lease), _ -> {});
    }

    private Answer leased(Lease lease, Consumer<MemoryRow> then) {
        boolean valid = isValid(lease) && withFound(lease.taskId(), _ -> true, then);
        return valid ? new Answer.Kept(true) : new Answer.Fenced();
    }

    private Answer offer(SharedTask task, int asker) {
        if (rows.containsKey(task.id())) {
            return new Answer.Kept(true);
        }
        var row = new MemoryRow(task, asker, clock.nanoTime(), clock.epochMillis());
        row.pos = ++lastPos;
        if (task.due() != null && !schedules.submit(task.due(), asker)) {
            return new Answer.Refused("another node has submitted the task of this time");
        }
        String key = row.key();
        var holder = key == null ? Optional.<MemoryRow>empty() : holder(key);
        if (holder.isPresent() && key != null) {
            return behind(row, key, holder.get());
        }
        row.holds = key != null;
        rows.put(task.id(), row);
        enter(row);
        return new Answer.Kept(true);
    }

    private Optional<MemoryRow> holder(String key) {
        return new MemoryLine(rows.values(), key).holder();
    }

    private Answer behind(MemoryRow row, String key, MemoryRow holder) {
        switch (row.task.options().unique().orElseThrow().policy()) {
            case DROP -> {
                if (!new MemoryLine(rows.values(), key).lets(row, holder)) {
                    return new Answer.Refused("a task with the unique key '" + key + "' is not over yet");
                }
            }
            case JOIN -> {
                row.state = State.JOINED;
                row.holder = holder.task.id();
            }
            case REPLACE -> {
                for (var before : List.copyOf(rows.values())) {
                    if (before.state == State.REPLACING && key.equals(before.key())) {
                        over(before, Outcome.CANCELLED, Data.empty());
                    }
                }
                row.state = State.REPLACING;
                rows.put(row.task.id(), row);
                cancel(holder.task.id());
            }
        }
        rows.put(row.task.id(), row);
        return new Answer.Kept(true);
    }

    /** Its unique key is its own: it waits for its time, then for its turn. */
    private void enter(MemoryRow row) {
        var options = row.task.options();
        long delay = options.at()
                .map(at -> TimeUnit.MILLISECONDS.toNanos(at.toEpochMilli() - clock.epochMillis()))
                .orElse(Nanos.of(options.delay()));
        if (delay > 0) {
            row.state = State.DELAYED;
            row.dueNanos = row.acceptedNanos + delay;
        } else {
            takeTurn(row);
        }
    }

    private void takeTurn(MemoryRow row) {
        var key = row.task.options().orderingKey();
        if (key.isEmpty() || row.laned) { // a retry has its turn still
            ready(row);
            return;
        }
        row.laned = true;
        var lane = lanes.computeIfAbsent(key.get(), _ -> new ArrayDeque<>());
        lane.add(row);
        if (lane.peek() == row) {
            ready(row);
        } else {
            row.state = State.IN_LANE;
        }
    }

    private void ready(MemoryRow row) {
        row.pos = ++lastPos;
        again(row);
    }

    /** At the place that it has. */
    private void again(MemoryRow row) {
        if (row.cancelled) {
            over(row, Outcome.CANCELLED, Data.empty());
        } else {
            row.state = State.READY;
        }
    }

    // Ends

    private Answer ended(Lease lease, Outcome outcome, Data data, MemoryMember me) {
        if (!isValid(lease)) {
            return new Answer.Fenced();
        }
        var row = Objects.requireNonNull(rows.get(lease.taskId()));
        boolean here = row.asker == me.number || row.asker == 0;
        over(row, outcome, data);
        if (here) {
            rows.remove(lease.taskId());
        }
        return new Answer.Kept(here);
    }

    private void over(MemoryRow row, Outcome outcome, Data result) {
        boolean ran = row.state == State.LEASED;
        row.end(outcome, result, clock.nanoTime());
        if (ran && row.holds) {
            String key = Objects.requireNonNull(row.key());
            var reason = Data.of("a task with the unique key '" + key + "' ran for longer than until this one was due");
            new MemoryLine(rows.values(), key)
                    .passed(row, clock.epochMillis())
                    .forEach(other -> other.end(Outcome.REJECTED, reason, clock.nanoTime()));
        }
        release(row);
    }

    private void release(MemoryRow row) {
        if (row.holds) {
            row.holds = false;
            for (var other : List.copyOf(rows.values())) {
                if (other.state == State.JOINED && other.holder == row.task.id()) {
                    over(other, row.outcome, row.result);
                }
            }
        }
        if (row.laned) {
            row.laned = false;
            leaveLane(row);
        }
        String key = row.key();
        if (key != null && holder(key).isEmpty()) {
            rows.values().stream()
                    .filter(other -> other.state == State.REPLACING && key.equals(other.key()))
                    .findFirst()
                    .or(() -> new MemoryLine(rows.values(), key).first())
                    .ifPresent(next -> {
                        next.holds = true;
                        enter(next);
                    });
        }
    }

    private void leaveLane(MemoryRow row) {
        String key = row.task.options().orderingKey().orElseThrow();
        var lane = lanes.getOrDefault(key, new ArrayDeque<>());
        boolean hadTurn = lane.peek() == row;
        lane.remove(row);
        var next = lane.peek();
        if (next == null) {
            lanes.remove(key);
        } else if (hadTurn && next.state == State.IN_LANE) {
            ready(next);
        }
    }

    private boolean cancel(long id) {
        var row = rows.get(id);
        if (row == null || row.state == State.ENDED) {
            return false;
        }
        if (row.waits()) {
            over(row, Outcome.CANCELLED, Data.empty());
            return true;
        }
        row.cancelled = true;
        var member = members.get(row.node);
        int fence = row.fence;
        if (member != null) {
            news.add(() -> member.listener.cancel(id, fence));
        }
        return true;
    }

    private Answer revive(long id) {
        var letter = letters.of(id).orElse(null);
        if (letter == null || rows.containsKey(id)) {
            return new Answer.Kept(false);
        }
        var task = letter.task();
        var options = task.options().delay(Duration.ZERO);
        var again = new SharedTask(id, task.type(), task.data(), options, task.source(), false, null);
        return offer(again, 0) instanceof Answer.Refused no ? no : new Answer.Kept(letters.remove(id));
    }

    // Nodes that go

    void leave(MemoryMember member) {
        if (members.containsKey(member.number)) {
            gone(member, this::again);
        }
    }

    void kill(String name) {
        members.values().stream()
                .filter(member -> member.name.equals(name))
                .toList()
                .forEach(member -> gone(member, this::died));
    }

    private void gone(MemoryMember member, Consumer<MemoryRow> then) {
        members.remove(member.number);
        gone.put(member.number, member.name);
        rows.values().stream()
                .filter(row -> row.state == State.LEASED && row.node == member.number)
                .toList()
                .forEach(then);
        handOverSchedules(member);
    }

    private void died(MemoryRow row) {
        if (++row.deaths < MOST_DEATHS) {
            again(row);
        } else {
            var why = MOST_DEATHS + " nodes in a row were gone while they had it";
            letters.add(row, Outcome.LOST, row.attempts, why);
            over(row, Outcome.LOST, Data.of(why));
        }
    }

    private void handOverSchedules(MemoryMember left) {
        var heir = members.values().stream().findFirst();
        heir.ifPresent(next -> schedules
                .handOver(left.number, next.number)
                .forEach(occurrence -> news.add(() -> next.listener.due(occurrence))));
    }

    // After each step

    /** What has come due, what may run, and what is over: whoever it concerns is told. */
    void settle() {
        long now = clock.nanoTime();
        for (var row : List.copyOf(rows.values())) {
            if (row.state == State.DELAYED && now - row.dueNanos >= 0) {
                takeTurn(row);
            }
            if (row.waits() && row.state != State.JOINED && row.isLate(now)) {
                letters.add(row, Outcome.TIMED_OUT, row.attempts, "its deadline has passed while it waited");
                over(row, Outcome.TIMED_OUT, Data.empty());
            }
        }
        members.values().forEach(member -> claim(member, now));
        tellEnds(now);
    }

    private void claim(MemoryMember member, long now) {
        for (int group = 0; group < member.groups(); group++) {
            var claims = new ArrayList<Claim>();
            for (var row : ready(member.self.groups().get(group))) {
                if (!member.wantsMore(group)) {
                    break;
                }
                hand(row, member, now, claims);
                if (row.state == State.LEASED) {
                    member.handed(group);
                }
            }
            if (!claims.isEmpty()) {
                int index = group;
                news.add(() -> member.listener.claimed(index, claims));
            }
        }
    }

    private List<MemoryRow> ready(List<Kind> kinds) {
        Stream<MemoryRow> ready = rows.values().stream()
                .filter(row -> row.state == State.READY
                        && kinds.stream().anyMatch(kind -> kind.name().equals(row.task.type())));
        return ready.sorted(Comparator.<MemoryRow>comparingInt(
                                row -> -row.task.options().priority().ordinal())
                        .thenComparingLong(row -> row.pos))
                .toList();
    }

    private void hand(MemoryRow row, MemoryMember member, long now, List<Claim> claims) {
        String type = row.task.type();
        long startIn = member.rate(type)
                .map(rate -> rates.startIn(type, rate, now, LOOK))
                .orElse(0L);
        if (startIn > LOOK) {
            return; // nearer its time, and then whoever has a slot
        }
        row.state = State.LEASED;
        row.node = member.number;
        row.claimedMillis = clock.epochMillis();
        row.fence++;
        long age = now - row.acceptedNanos;
        claims.add(new Claim(row.lease(), row.task, row.attempts, row.deaths, age, startIn));
    }

    private void tellEnds(long now) {
        for (var row : List.copyOf(rows.values())) {
            if (row.state == State.ENDED && !row.told) {
                var asker = members.get(row.asker);
                var teller = asker != null ? Optional.of(asker) : heir(row, now);
                teller.ifPresent(member -> {
                    row.told = true;
                    var end = row.ended(asker == null);
                    news.add(() -> member.listener.ended(List.of(end)));
                });
            }
        }
    }

    /** Of a node that is gone: one of its name at once, after ten seconds any. */
    private Optional<MemoryMember> heir(MemoryRow row, long now) {
        return members.values().stream()
                .filter(member -> row.asker == 0
                        || member.name.equals(gone.get(row.asker))
                        || now - row.endedNanos > ADOPTED_AFTER)
                .findFirst();
    }

    /** When something comes due that nobody says. */
    long nextNanos() {
        return rows.isEmpty() ? TimeUnit.SECONDS.toNanos(1) : LOOK / 10;
    }

    void progress(Lease lease, Data progress) {
        var asker = members.get(lease.asker());
        if (asker != null) {
            news.add(() -> asker.listener.progressed(lease.taskId(), progress));
        }
    }

    // Questions

    int size() {
        return rows.size();
    }

    Counts counts() {
        long waiting = rows.values().stream().filter(MemoryRow::waits).count();
        return new Counts(members.size(), waiting, in(State.READY), in(State.LEASED), letters.size());
    }

    private long in(State state) {
        return rows.values().stream().filter(row -> row.state == state).count();
    }

    List<NodeInfo> infos() {
        return members.values().stream().map(one -> one.info(clock.nanoTime())).toList();
    }

    MemoryLetters letters() {
        return letters;
    }

    long reserve(int count) {
        reserved += count;
        return reserved - count;
    }
}
