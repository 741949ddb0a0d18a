package dev.shunt.intake;

import dev.shunt.intake.Alarms.Alarm;
import dev.shunt.intake.Store.Read;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog.Page;
import dev.shunt.task.UnreadableTaskException;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When what the store has alone is read: what an earlier run left, and then what was spilled. Oldest first, as there is
 * room: for so many tasks, and for so many bytes of those that are not over. One that cannot be read is passed over; a
 * store that cannot be read is asked again. Owned by the {@link Intake}, which it tells.
 */
final class Backlog<T extends Submitted> {

    private static final int PAGE = 1_000;

    /** Of the payloads of all tasks that were fetched and are not over. */
    private static final long MAX_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    private static final long LOOK_AGAIN_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final Store<T> store;
    private final Alarms alarms;
    private final Clock clock;
    private final Room room;
    private final Turns<T> turns;
    private final Intake<T> intake;
    private final SequencedSet<Pending<T>> spilled = new LinkedHashSet<>();

    /** Due, and others that are in memory wait for them: they come before those. */
    private final SequencedSet<Pending<T>> awaited = new LinkedHashSet<>();

    /** Not due, first due first. */
    private final NavigableSet<Pending<T>> later =
            new TreeSet<>(Comparator.<Pending<T>>comparingLong(Pending::dueAtMillis)
                    .thenComparingLong(pending -> pending.task().id()));

    private @Nullable Alarm due;
    private long dueAtMillis;
    private long heldBytes;

    /**
     * Of the earlier run: how far it is fetched, where it ends, and how many tasks there are between, as positions in
     * the store.
     */
    private long fetchedUpTo;

    private long end;
    private long left;
    private boolean started;
    private boolean stopped;
    private boolean fetching;
    private long pause;
    private @Nullable Alarm timer;

    Backlog(Store<T> store, Alarms alarms, Clock clock, Room room, Turns<T> turns, Intake<T> intake) {
        this.store = store;
        this.alarms = alarms;
        this.clock = clock;
        this.room = room;
        this.turns = turns;
        this.intake = intake;
        this.end = store.lastPosition();
        this.left = store.taskCount();
    }

    void start() {
        started = true;
        fetch();
    }

    boolean isEmpty() {
        return spilled.isEmpty() && awaited.isEmpty() && isRecovered();
    }

    /** All of the earlier run is in memory, or has been. */
    boolean isRecovered() {
        return fetchedUpTo >= end;
    }

    /** Of the earlier run, how many are still to be fetched. */
    long left() {
        return left;
    }

    int size() {
        return spilled.size() + awaited.size() + later.size();
    }

    long heldBytes() {
        return heldBytes;
    }

    void add(Pending<T> pending) {
        if (pending.later && !stopped) {
            later.add(pending);
            watchTime();
        } else {
            dueNow(pending);
            fetch();
        }
    }

    private void dueNow(Pending<T> pending) {
        (turns.hasPlace(pending) ? awaited : spilled).add(pending);
    }

    /** Set for the first of those that are not due; the wall clock may be set meanwhile. */
    private void watchTime() {
        if (due != null && (later.isEmpty() || later.first().dueAtMillis() != dueAtMillis)) {
            due.cancel();
            due = null;
        }
        if (due == null && !later.isEmpty()) {
            dueAtMillis = later.first().dueAtMillis();
            long millis = Math.clamp(dueAtMillis - clock.epochMillis(), 1, LOOK_AGAIN_MILLIS);
            due = alarms.set(TimeUnit.MILLISECONDS.toNanos(millis), this::timeHasPassed);
        }
    }

    private void timeHasPassed() {
        due = null;
        long now = clock.epochMillis();
        while (!later.isEmpty() && later.first().dueAtMillis() <= now) {
            var pending = Objects.requireNonNull(later.pollFirst());
            intake.cameDue(pending);
            dueNow(pending);
        }
        watchTime();
        fetch();
    }

    /** A payload came out of the store. */
    void holds(int bytes) {
        heldBytes += bytes;
    }

    /** It is no longer needed. */
    void released(int bytes) {
        if (bytes > 0) {
            heldBytes -= bytes;
            fetch();
        }
    }

    /** What is from before stays where it is; whoever asked for the rest is to be told so. */
    void stop() {
        stopped = true;
        fetchedUpTo = end;
        left = 0;
        if (due != null) {
            due.cancel();
            due = null;
        }
        List.copyOf(later).forEach(this::stopsWaiting);
        later.clear();
        if (timer != null) {
            timer.cancel();
            again(); // while there is time
        }
    }

    /** Nobody is to be told of one that an earlier run accepted. */
    private void stopsWaiting(Pending<T> pending) {
        if (pending.first) {
            intake.leftInStore(pending);
        } else {
            intake.cameDue(pending);
            dueNow(pending);
        }
    }

    /** No more time for that either. */
    void giveUp() {
        var left = new ArrayList<>(awaited);
        left.addAll(spilled);
        awaited.clear();
        spilled.clear();
        if (!left.isEmpty()) {
            store.left(left.size());
            left.forEach(intake::leftInStore);
        }
    }

    /** Call when there may be room. */
    void fetch() {
        boolean mayFetch = started && !fetching && !isEmpty() && (isRecovered() || room.hasSpills());
        int count = mayFetch ? Math.min(PAGE, room.toFetch(!isRecovered() || !awaited.isEmpty())) : 0;
        long bytes = Math.min(MAX_BYTES - heldBytes, room.bytesToFetch());
        if (count <= 0 || bytes <= 0) {
            return;
        }
        if (isRecovered()) {
            var batch = new ArrayList<Pending<T>>();
            var from = awaited.isEmpty() ? spilled : awaited;
            if (!room.hasFor(from.getFirst().wholeSize)) {
                return;
            }
            while (batch.size() < count && !from.isEmpty()) {
                batch.add(from.removeFirst());
            }
            fetching = true;
            fetch(batch, bytes, this::worked, this::failed);
        } else {
            fetching = true;
            store.page(fetchedUpTo, end, count, bytes, this::fetched);
        }
    }

    private void fetched(Read<Page> read) {
        try {
            take(read);
        } catch (RuntimeException | Error e) { // what comes after it is fetched all the same
            fetching = false;
            throw e;
        }
    }

    private void take(Read<Page> read) {
        switch (read) {
            case Read.Found(Page page) -> {
                page.tasks().forEach(intake::fetched);
                fetchedUpTo(
                        page.tasks().isEmpty() ? end : page.last(), page.tasks().size());
                worked();
            }
            case Read.Unreadable(var problem) -> {
                intake.damaged(problem.taskId(), staysThere(problem));
                fetchedUpTo(problem.position(), 1);
                worked();
            }
            case Read.Failed(var problem) -> failed(problem);
        }
    }

    private void fetchedUpTo(long position, int tasks) {
        if (!stopped) {
            fetchedUpTo = position;
            left = isRecovered() ? 0 : left - tasks;
            if (isRecovered()) {
                intake.recovered();
            }
        }
    }

    /** One that is to end before its turn. */
    void fetchNow(Pending<T> pending) {
        if (!spilled.remove(pending) && !awaited.remove(pending) && later.remove(pending)) {
            intake.cameDue(pending);
            watchTime();
        }
        fetch(List.of(pending), 1, this::fetch, _ -> fetch()); // or else when it is its turn
    }

    private void fetch(List<Pending<T>> batch, long maxBytes, Runnable then, Consumer<IOException> otherwise) {
        batch.forEach(pending -> intake.fetching(pending, true));
        var ids = batch.stream().map(pending -> pending.task().id()).toList();
        store.tasks(ids, maxBytes, read -> {
            var rest = new ArrayDeque<>(batch);
            switch (read) {
                case Read.Found(var tasks) -> {
                    tasks.forEach(task -> returned(rest.removeFirst(), task));
                    waitAgain(rest);
                    rest.stream().filter(pending -> pending.ends != null).forEach(this::fetchNow);
                    then.run();
                }
                case Read.Unreadable(var problem) -> {
                    intake.lost(rest.removeFirst(), staysThere(problem));
                    waitAgain(rest);
                    rest.stream().filter(pending -> pending.ends != null).forEach(this::fetchNow);
                    then.run();
                }
                case Read.Failed(var problem) -> {
                    waitAgain(rest);
                    otherwise.accept(problem);
                }
            }
        });
    }

    private static String staysThere(UnreadableTaskException unreadable) {
        return unreadable.getMessage()
                + "; its context is not known either. It stays in the log as it is, and is read again when the program is"
                + " started next";
    }

    private void returned(Pending<T> pending, Optional<StoredTask> task) {
        task.ifPresentOrElse(
                found -> intake.fetched(pending, found),
                () -> intake.lost(
                        pending,
                        "task " + pending.task().id()
                                + " has vanished from the log, into which it was put when the queue was full"));
    }

    /** What did not fit, or could not be read, is first again. */
    private void waitAgain(Deque<Pending<T>> rest) {
        rest.reversed().forEach(pending -> {
            intake.fetching(pending, false);
            (turns.hasPlace(pending) ? awaited : spilled).addFirst(pending);
        });
    }

    private void worked() {
        if (pause > 0) {
            store.readAgain();
            pause = 0;
        }
        fetching = false;
        fetch();
    }

    /** Stays {@link #fetching} meanwhile. */
    private void failed(IOException problem) {
        if (stopped) {
            store.notRead(left + size(), 0, problem);
            fetching = false;
            giveUp();
            return;
        }
        pause = pause == 0 ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
        store.notRead(left + size(), pause, problem);
        timer = alarms.set(pause, this::again);
    }

    private void again() {
        timer = null;
        fetching = false;
        fetch();
    }

    /** As {@link Intake#sizes}. */
    Map<String, Long> sizes() {
        return Map.of("spilled", (long) size(), "bytes", heldBytes());
    }
}
