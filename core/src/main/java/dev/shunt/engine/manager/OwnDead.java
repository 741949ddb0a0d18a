package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import dev.shunt.task.DeadTask;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.UnreadableTaskException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Dead letters of the program's log. A log on a disk is read once; from then on the facts are kept up to date with what the
 * log keeps, so that a question reads no more than the letters that it shows. Safe for use by any thread.
 */
final class OwnDead implements DeadSource {

    private static final Logger LOG = Log.of(OwnDead.class);

    /** Ids that are to be read, of those that lie between them. */
    private static final int CLOSE = 4;

    private enum State {
        UNREAD,
        BEING_READ,
        COMPLETE,
        TOO_MANY
    }

    private final Journal journal;
    private final Shown shown;
    private final DeadFacts facts;

    /** While it is read: those that were there, and are not any more. */
    private final Set<Long> gone = new HashSet<>();

    private State state = State.UNREAD;
    private int goneSince;
    private final Object reading = new Object();

    OwnDead(Journal journal, Shown shown) {
        this.journal = journal;
        this.shown = shown;
        facts = new DeadFacts(shown);
        if (journal.outlivesProcess()) {
            journal.whenLettersChange(this::kept);
        }
    }

    /** Reads what there is, so that nobody has to wait for it later. */
    void begin() {
        try {
            if (journal.outlivesProcess()) {
                readAll();
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("dead letters are read when somebody asks for them", e);
        }
    }

    /** The log keeps this. */
    private synchronized void kept(Entry entry) {
        if (state == State.TOO_MANY && !(entry instanceof Entry.Died)) {
            lookAgain();
        }
        if (state != State.BEING_READ && state != State.COMPLETE) {
            return;
        }
        try {
            note(entry);
        } catch (RuntimeException e) { // of what the program masks payloads with
            LOG.error("dead letters are read again for the next list of them", e);
            become(state, State.UNREAD);
        }
    }

    /** As many as have gone since then may leave few enough. */
    private void lookAgain() {
        if (++goneSince >= DeadFacts.MAX / 2) {
            goneSince = 0;
            become(State.TOO_MANY, State.UNREAD);
        }
    }

    private void note(Entry entry) {
        switch (entry) {
            case Entry.Died(DeadTask letter) -> {
                gone.remove(letter.id());
                put(letter);
            }
            case Entry.Revived revived -> remove(revived.taskId());
            case Entry.Discarded discarded -> remove(discarded.taskId());
            case Entry.Accepted _, Entry.Retried _, Entry.Begun _, Entry.Settled _ -> {}
        }
    }

    private void remove(long id) {
        if (state == State.BEING_READ) {
            gone.add(id);
        }
        facts.remove(id);
    }

    private void put(DeadTask letter) {
        facts.put(letter);
        if (facts.isTooMuch()) {
            state = State.TOO_MANY;
            facts.clear();
            gone.clear();
            LOG.info("there are so many dead letters that each list of them reads all; discard what is not needed");
        }
    }

    private synchronized void found(DeadTask letter) {
        if (state == State.BEING_READ && !gone.contains(letter.id()) && !facts.contains(letter.id())) {
            put(letter);
        }
    }

    /** By one thread; others wait for it. */
    private void readAll() throws IOException {
        synchronized (reading) {
            if (!is(State.UNREAD)) {
                return;
            }
            become(State.UNREAD, State.BEING_READ);
            try {
                DeadPages.each(this::page, this::found, _ -> {});
                become(State.BEING_READ, State.COMPLETE);
            } finally {
                become(State.BEING_READ, State.UNREAD); // it could not be read
            }
        }
    }

    private synchronized boolean is(State asked) {
        return state == asked;
    }

    private synchronized void become(State from, State to) {
        if (state == from) {
            state = to;
            gone.clear();
            if (to == State.UNREAD) {
                facts.clear();
            }
        }
    }

    @Override
    public void each(Consumer<DeadFact> each) throws IOException {
        if (journal.outlivesProcess()) {
            readAll();
            if (is(State.COMPLETE)) {
                facts.all().forEach(each);
                return;
            }
        }
        var passing = new DeadFacts(shown);
        DeadPages.each(this::page, letter -> each.accept(passing.of(letter)), _ -> {});
    }

    private List<DeadTask> page(long after, int limit) throws IOException {
        return journal.log(log -> log.deadTasks(after, limit, DeadPages.MAX_PAGE_BYTES));
    }

    @Override
    public Optional<DeadTask> one(long id) throws IOException {
        return journal.log(log -> log.dead(id));
    }

    /** Together if they are close to each other. */
    @Override
    public void some(List<Long> ids, Consumer<DeadTask> each) throws IOException {
        var found = together(ids);
        if (found.size() == ids.size()) {
            found.forEach(each);
            return;
        }
        for (long id : ids) {
            try {
                one(id).ifPresent(each);
            } catch (UnreadableTaskException e) {
                LOG.debug("passed over, as in each list", e);
            }
        }
    }

    /** Not all of them if they are far from each other, have many bytes, or one cannot be read. */
    private List<DeadTask> together(List<Long> ids) throws IOException {
        if (ids.isEmpty()) {
            return List.of();
        }
        long first = ids.getFirst();
        long span = ids.getLast() - first + 1;
        if (span > (long) CLOSE * ids.size()) {
            return List.of();
        }
        try {
            var wanted = new HashSet<>(ids);
            return journal.log(log -> log.deadTasks(first - 1, (int) span, DeadPages.MAX_PAGE_BYTES)).stream()
                    .filter(letter -> wanted.contains(letter.id()))
                    .toList();
        } catch (UnreadableTaskException e) {
            return List.of();
        }
    }
}
