package dev.shunt.postgres;

import dev.shunt.task.Durability;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Entry;
import dev.shunt.task.TaskQueue.Lease;
import dev.shunt.task.TaskQueue.SharedTask;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One transaction for many entries, in the order of what they need: tasks come in before others of the batch end. What one
 * finds depends on nothing else of the batch but that.
 */
@SuppressWarnings("EnumOrdinal") // outcomes keep their order for ever
final class Transaction {

    private final Connection connection;
    private final Signals signals = new Signals();
    private final List<Request> batch;
    private final int me;
    private final boolean again;
    private final IdentityHashMap<Request, Answer> answers = new IdentityHashMap<>();

    /** May have another answer in a moment. */
    private final List<Request> notYet = new ArrayList<>();

    /** @param again whether the same batch may have been committed before */
    Transaction(Connection connection, List<Request> batch, int me, boolean again) {
        this.connection = connection;
        this.batch = batch;
        this.me = me;
        this.again = again;
    }

    Signals signals() {
        return signals;
    }

    boolean isNotYet(Request request) {
        return notYet.contains(request);
    }

    /** Runs and commits it; the answers are in the order of the batch. */
    List<Answer> run() throws SQLException {
        if (batch.stream().noneMatch(request -> request.durability == Durability.SYNC)) {
            try (var statement = connection.createStatement()) {
                statement.execute("set local synchronous_commit to off");
            }
        }
        offers();
        ends();
        leases(Entry.Retried.class, this::retried);
        leases(
                Entry.Returned.class,
                all -> leased().giveBack(all.stream()
                        .map(r -> ((Entry.Returned) r.entry).lease())
                        .toList()));
        leases(
                Entry.Begun.class,
                all -> leased().begin(all.stream()
                        .map(r -> ((Entry.Begun) r.entry).lease())
                        .toList()));
        cancels();
        letters();
        schedules();
        signals.send(connection);
        connection.commit();
        return batch.stream()
                .map(request -> Objects.requireNonNull(answers.get(request)))
                .toList();
    }

    private List<Request> of(Predicate<Entry> kind) {
        return batch.stream().filter(request -> kind.test(request.entry)).toList();
    }

    private void offers() throws SQLException {
        var requests = of(entry -> entry instanceof Entry.Offered);
        if (requests.isEmpty()) {
            return;
        }
        var tasks = new ArrayList<SharedTask>();
        for (var request : requests) {
            tasks.add(((Entry.Offered) request.entry).task());
        }
        var refused = new Offers(connection, signals).offer(tasks, me);
        for (int i = 0; i < requests.size(); i++) {
            var answer = refused.get(tasks.get(i).id());
            answers.put(requests.get(i), answer == null ? new Answer.Kept(true) : answer);
        }
    }

    private Ends leased() {
        return new Ends(connection, signals);
    }

    private void ends() throws SQLException {
        var byRequest = new IdentityHashMap<Request, Ends.End>();
        var all = new ArrayList<Ends.End>();
        var dead = new ArrayList<Ends.End>();
        for (var request : batch) {
            var end = end(request.entry);
            if (end != null) {
                byRequest.put(request, end);
                all.add(end);
                if (request.entry instanceof Entry.Died) {
                    dead.add(end);
                }
            }
        }
        if (all.isEmpty()) {
            return;
        }
        var ends = leased();
        if (!dead.isEmpty()) {
            ends.bury(dead);
        }
        ends.settle(all, me);
        if (again) {
            var missing = all.stream()
                    .filter(end -> !ends.kept().containsKey(end.lease().taskId()))
                    .toList();
            if (!missing.isEmpty()) {
                ends.wasKeptBefore(missing, me);
            }
        }
        byRequest.forEach((request, end) -> {
            Boolean here = ends.kept().get(end.lease().taskId());
            answers.put(request, here == null ? new Answer.Fenced() : new Answer.Kept(here));
        });
    }

    private static Ends.@Nullable End end(Entry entry) {
        if (entry instanceof Entry.Settled(var lease, var outcome, var data)) {
            return new Ends.End(lease, outcome.ordinal(), Bytes.of(data), 0, "");
        }
        if (entry instanceof Entry.Died(var lease, var outcome, var data, int attempts, String reason)) {
            return new Ends.End(lease, outcome.ordinal(), Bytes.of(data), attempts, reason);
        }
        return null;
    }

    private interface Step {
        Set<Long> of(List<Request> requests) throws SQLException;
    }

    private void leases(Class<? extends Entry> kind, Step step) throws SQLException {
        var requests = of(kind::isInstance);
        if (!requests.isEmpty()) {
            var found = step.of(requests);
            requests.forEach(request -> answers.put(
                    request,
                    found.contains(lease(request.entry).taskId()) || again
                            ? new Answer.Kept(true)
                            : new Answer.Fenced()));
        }
    }

    private static Lease lease(Entry entry) {
        return switch (entry) {
            case Entry.Retried retried -> retried.lease();
            case Entry.Returned returned -> returned.lease();
            case Entry.Begun begun -> begun.lease();
            default -> throw new IllegalArgumentException("no lease in " + entry);
        };
    }

    private Set<Long> retried(List<Request> requests) throws SQLException {
        var entries =
                requests.stream().map(request -> (Entry.Retried) request.entry).toList();
        return leased().retry(
                        entries.stream().map(Entry.Retried::lease).toList(),
                        entries.stream().map(Entry.Retried::attempts).toList(),
                        entries.stream()
                                .map(entry -> entry.delayNanos() / 1_000)
                                .toList());
    }

    private void cancels() throws SQLException {
        var cancelled = of(entry -> entry instanceof Entry.CancelAsked);
        if (!cancelled.isEmpty()) {
            var ids = cancelled.stream()
                    .map(r -> ((Entry.CancelAsked) r.entry).taskId())
                    .toList();
            var found = new Cancels(connection, signals).cancel(ids);
            cancelled.forEach(r ->
                    answers.put(r, new Answer.Kept(found.contains(((Entry.CancelAsked) r.entry).taskId()))));
        }
        var withdrawn = of(entry -> entry instanceof Entry.Withdrawn);
        if (!withdrawn.isEmpty()) {
            new Gates(connection, signals)
                    .forgetWaiting(withdrawn.stream()
                            .map(r -> ((Entry.Withdrawn) r.entry).taskId())
                            .toList());
            withdrawn.forEach(r -> answers.put(r, new Answer.Kept(true)));
        }
    }

    private void letters() throws SQLException {
        var letters = new Letters(connection, signals);
        for (var request : batch) {
            if (request.entry instanceof Entry.Revived(long id)) {
                Answer revival = letters.revive(id);
                answers.put(request, revival == null ? new Answer.Kept(false) : revival);
                if (revival == null) {
                    notYet.add(request);
                }
            } else if (request.entry instanceof Entry.Discarded(long id)) {
                answers.put(request, new Answer.Kept(letters.discard(id)));
            }
        }
    }

    private void schedules() throws SQLException {
        var schedules = new DueSchedules(connection);
        for (var request : batch) {
            if (request.entry instanceof Entry.Due(var occurrence)) {
                var fires = schedules.due(occurrence, me, request.taken());
                if (fires.mine() != null) {
                    request.took(fires.mine());
                }
                answers.put(request, fires);
            } else if (request.entry instanceof Entry.Skipped(var occurrence)) {
                schedules.submit(occurrence, me);
                answers.put(request, new Answer.Kept(true));
            }
        }
    }
}
