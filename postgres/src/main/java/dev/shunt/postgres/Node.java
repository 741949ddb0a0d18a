package dev.shunt.postgres;

import dev.shunt.data.Data;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Failure;
import dev.shunt.task.Outcome;
import dev.shunt.task.TaskQueue;
import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The queue as one node has it open: its three threads, and what they share. Safe for use by any thread. */
final class Node implements TaskQueue, Claimer.Leases {

    private static final Logger LOG = Log.of(Node.class);

    /** Of tasks that wait for a database that is away. */
    private static final int MOST_WAITING = 100_000;

    private static final long CLOSE_MILLIS = 5_000;

    /** To take its leave of a database that was away a moment ago. */
    private static final int SHORT_LOGIN_SECONDS = 2;

    /** Of which numbers come. */
    private static final int BLOCK = 64;

    private final Server server;
    private final Identity self;
    private final Listener listener;
    private final Inbox inbox;
    private final Backoff ofWriter = new Backoff();
    private final Backoff ofClaimer = new Backoff();
    private final Backoff ofBeats = new Backoff();
    private final Claimer claimer;
    private final Beats beats;
    private final Thread writing;
    private final Thread claiming;
    private final Thread beating;

    /** Fences of what this node has been handed, by task: one may be handed out again before its end is answered. */
    private final Map<Long, Integer> leased = new ConcurrentHashMap<>();

    private volatile @Nullable String away;

    private Node(Server server, Identity self, Listener listener, Clock clock) {
        this.server = server;
        this.self = self;
        this.listener = listener;
        inbox = new Inbox(clock);
        claimer = new Claimer(
                new Session(server, "claims", false), self, listener, this, ofClaimer, clock, this::reached);
        beats = new Beats(
                new Session(server, "beats", true),
                self,
                listener,
                claimer,
                ofBeats,
                clock,
                this::reached,
                leased::clear);
        var writer =
                new Writer(inbox, new Session(server, "writes", false), self, ofWriter, this::committed, this::reached);
        writing = thread("shunt-queue-writer", writer);
        claiming = thread("shunt-queue-claimer", claimer);
        beating = thread("shunt-queue-beats", beats);
    }

    /** It lives when this returns. */
    static Node open(Server server, Identity self, Listener listener, Clock clock) throws SQLException {
        var node = new Node(server, self, listener, clock);
        node.beats.begin();
        node.writing.start();
        node.claiming.start();
        node.beating.start();
        LOG.info("node {} ({}) shares tasks in {}", self.number(), self.name(), server);
        return node;
    }

    private static Thread thread(String name, Runnable life) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .uncaughtExceptionHandler(new FatalErrors())
                .unstarted(life);
    }

    private void reached(@Nullable String problem) {
        if (problem == null ? away != null : away == null) {
            listener.reachable(problem == null, problem == null ? "" : problem);
        }
        away = problem;
    }

    /** This node need not wait to be notified by itself. */
    private void committed(Signals signals) {
        if (signals.isBack()) {
            claimer.back();
        } else if (signals.isReady()) {
            claimer.ready();
        }
        if (signals.isDoneFor(self.number())) {
            claimer.results();
        }
    }

    @Override
    public void append(Entry entry, Durability durability, Consumer<Answer> done) {
        if (entry instanceof Entry.Told(long id)) {
            claimer.told(id, done);
            return;
        }
        if (entry instanceof Entry.Offered(var task)
                && task.due() == null
                && away != null
                && inbox.size() >= MOST_WAITING) {
            done.accept(new Answer.Failed(new IOException(
                    server + " is not reached (" + away + "), and " + MOST_WAITING + " tasks wait for it already")));
            return;
        }
        var request = new Request(entry, durability, answer -> {
            leftBy(entry, answer);
            done.accept(answer);
        });
        if (!inbox.add(request)) {
            done.accept(new Answer.Failed(new IOException("the task queue is closed")));
        }
    }

    private void left(Lease lease) {
        leased.remove(lease.taskId(), lease.fence());
    }

    private void leftBy(Entry entry, Answer answer) {
        switch (entry) {
            case Entry.Settled settled -> left(settled.lease());
            case Entry.Died died -> left(died.lease());
            case Entry.Retried(var lease, int _, long delayNanos) -> {
                left(lease);
                claimer.dueIn(delayNanos);
            }
            case Entry.Returned(var lease) -> left(lease);
            case Entry.Offered(var task) -> {
                if (answer instanceof Answer.Kept && !task.options().delay().isZero()) {
                    claimer.dueIn(Nanos.of(task.options().delay()));
                }
            }
            case Entry.Told _, // the claimer's
                    Entry.Withdrawn _,
                    Entry.Begun _,
                    Entry.CancelAsked _,
                    Entry.Revived _,
                    Entry.Discarded _,
                    Entry.Due _,
                    Entry.Skipped _ -> {}
        }
    }

    @Override
    public void want(int group, long total) {
        claimer.want(group, total);
    }

    @Override
    public Counts counts() {
        return beats.counts();
    }

    @Override
    public List<NodeInfo> nodes() {
        return beats.nodes();
    }

    @Override
    public void load(Load load) {
        beats.load(load);
    }

    @Override
    public int node() {
        return self.number();
    }

    // Leases that are not handed over

    @Override
    public void handedOut(Lease lease) {
        leased.put(lease.taskId(), lease.fence());
    }

    @Override
    public boolean has(long taskId) {
        return leased.containsKey(taskId);
    }

    @Override
    public void cancelled(Lease lease) {
        handedOut(lease);
        end(lease, new Entry.Settled(lease, Outcome.CANCELLED, Data.empty()), Outcome.CANCELLED, Data.empty());
    }

    @Override
    public void unreadable(Claims.Unreadable row) {
        LOG.error("task {} does not run: it cannot be read", row.lease().taskId(), row.problem());
        handedOut(row.lease());
        var failure = Failure.of(row.problem());
        var data = Data.of(failure).encoded();
        var died = new Entry.Died(row.lease(), Outcome.FAILED, data, row.attempts(), failure.stack());
        end(row.lease(), died, Outcome.FAILED, data);
    }

    private void end(Lease lease, Entry entry, Outcome outcome, Data data) {
        append(entry, Durability.DISK, answer -> {
            if (answer instanceof Answer.Kept(boolean here) && here) {
                var ended = new Ended(lease.taskId(), "", outcome, data, Data.empty(), 0, lease.asker() == 0);
                listener.ended(List.of(ended));
            }
        });
    }

    // Beside the threads

    @Override
    public void progress(Lease lease, Data progress) {
        if (lease.asker() == self.number()) {
            listener.progressed(lease.taskId(), progress);
        } else if (lease.asker() != 0 && away == null) {
            claimer.progress(lease, Bytes.of(progress));
        }
    }

    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    /** On a connection for this alone. */
    private <T> T aside(Question<T> question) throws IOException {
        try (var connection = server.connect("reads")) {
            return question.ask(connection);
        } catch (SQLException e) {
            throw server.failed("cannot ask", e);
        }
    }

    @Override
    public Optional<DeadTask> dead(long taskId) throws IOException {
        return aside(connection -> new Letters(connection, new Signals()).of(taskId)).stream()
                .findFirst();
    }

    @Override
    public List<DeadTask> deadTasks(long afterId, int limit, long maxBytes) throws IOException {
        return aside(connection -> new Letters(connection, new Signals()).list(afterId, limit, maxBytes));
    }

    @Override
    public List<DeadMark> deadMarks() throws IOException {
        return aside(connection -> new Letters(connection, new Signals()).marks());
    }

    @Override
    public List<DeadTask> deadTasks(List<Long> ids, long maxBytes) throws IOException {
        return aside(connection -> new Letters(connection, new Signals()).of(ids, maxBytes));
    }

    @Override
    public long reserve(int count) throws IOException {
        return aside(connection -> Numbers.reserve(connection, count, BLOCK));
    }

    // The end

    @Override
    public void close() throws IOException {
        inbox.close();
        ofWriter.close();
        join(writing);
        inbox.takeRest()
                .forEach(request -> request.tell(new Answer.Failed(new IOException("the task queue is closed"))));
        claimer.close();
        ofClaimer.close();
        ofBeats.close();
        boolean joined = false;
        try (var connection = away == null ? server.connect("leaves") : server.connect("leaves", SHORT_LOGIN_SECONDS)) {
            wakeBeats(connection);
            joined = true;
            leave(connection, joinOthers());
        } catch (SQLException e) {
            LOG.warn("this node cannot take its leave: others find it gone in {} s", ttlSeconds(), e);
            if (!joined) {
                joinOthers();
            }
        }
        int left = claimer.toldAndThere();
        if (left > 0) {
            LOG.warn("{} results that have been told are not removed: another node tells them again", left);
        }
    }

    /** Its thread need not wait for its next beat. */
    private void wakeBeats(Connection connection) throws SQLException {
        var signals = new Signals();
        signals.add(Signals.channel(self.number()), "x");
        signals.send(connection);
    }

    /** When it beats no more: a beat would find it gone, and give it another number. */
    private void leave(Connection connection, boolean ended) throws SQLException {
        if (ended) {
            claimer.removeTold(connection);
            Departure.of(connection, self.number());
        } else {
            LOG.warn("this node has not ended, and does not take its leave: others find it gone in {} s", ttlSeconds());
        }
    }

    private long ttlSeconds() {
        return Duration.ofNanos(self.ttlNanos()).toSeconds();
    }

    private boolean joinOthers() {
        boolean noClaims = join(claiming);
        return join(beating) && noClaims;
    }

    /** Whether it has ended. */
    private static boolean join(Thread thread) {
        try {
            boolean ended = thread.join(Duration.ofMillis(CLOSE_MILLIS));
            if (!ended) {
                LOG.warn("{} has not ended in {} ms, and is left", thread.getName(), CLOSE_MILLIS);
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
