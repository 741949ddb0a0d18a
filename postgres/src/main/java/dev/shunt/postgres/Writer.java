package dev.shunt.postgres;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Entry;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Group commit: one transaction for everything that was appended while the last one was under way. Writes what happens
 * to a node's tasks, but for what {@link Claimer} hands out and removes; on a thread of its own. After a lost connection the same
 * batch is sent again, for as long as it takes; what of it was committed before makes no difference.
 */
final class Writer implements Runnable {

    private static final Logger LOG = Log.of(Writer.class);

    private final Inbox inbox;
    private final Session session;
    private final Identity self;
    private final Backoff backoff;
    private final Consumer<Signals> committed;
    private final Consumer<@Nullable String> reached;

    /**
     * @param committed told of what a transaction has made ready, right after it
     * @param reached told null when the database was reached, else why not
     */
    Writer(
            Inbox inbox,
            Session session,
            Identity self,
            Backoff backoff,
            Consumer<Signals> committed,
            Consumer<@Nullable String> reached) {
        this.inbox = inbox;
        this.session = session;
        this.self = self;
        this.backoff = backoff;
        this.committed = committed;
        this.reached = reached;
    }

    @Override
    public void run() {
        for (var batch = inbox.take(); !batch.isEmpty(); batch = inbox.take()) {
            write(batch);
        }
        session.close();
    }

    private void write(List<Request> batch) {
        boolean again = false;
        while (true) {
            try {
                var transaction = new Transaction(session.open(), batch, self.number(), again);
                var answers = transaction.run();
                backoff.worked();
                reached.accept(null);
                committed.accept(transaction.signals());
                for (int i = 0; i < answers.size(); i++) {
                    var request = batch.get(i);
                    if (!transaction.isNotYet(request) || !inbox.addLater(request)) {
                        tell(request, answers.get(i));
                    }
                }
                return;
            } catch (SQLException e) {
                if (Server.isConflict(e)) {
                    session.rollback();
                } else if (Server.isLost(e) || !session.isOpen()) {
                    again = true;
                    session.drop();
                    reached.accept(Server.reason(e));
                    if (backoff.isClosed()) {
                        fail(batch, new IOException("the program stops, and the database is not reached", e));
                        return;
                    }
                    backoff.await();
                } else {
                    session.rollback();
                    broken(batch, e);
                    return;
                }
            } catch (RuntimeException | Error e) { // something that cannot be written
                FatalErrors.letOn(e);
                session.rollback();
                broken(batch, e);
                return;
            }
        }
    }

    /** One of them is wrong, and ends alone. */
    private void broken(List<Request> batch, Throwable problem) {
        if (batch.size() > 1) {
            batch.forEach(request -> write(List.of(request)));
        } else {
            LOG.error("the task queue cannot keep {}", name(batch.getFirst().entry), problem);
            fail(batch, new IOException("the database refuses it: " + Server.reason(problem), problem));
        }
    }

    private static String name(Entry entry) {
        return entry.getClass().getSimpleName();
    }

    private static void fail(List<Request> batch, IOException problem) {
        batch.forEach(request -> tell(request, new Answer.Failed(problem)));
    }

    private static void tell(Request request, Answer answer) {
        try {
            request.tell(answer);
        } catch (RuntimeException | Error e) {
            FatalErrors.letOn(e);
            LOG.error("what was to be told of a task queue's entry threw; the next ones are told", e);
        }
    }
}
