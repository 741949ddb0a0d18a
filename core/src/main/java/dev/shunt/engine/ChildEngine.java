package dev.shunt.engine;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Parcel;
import dev.shunt.ipc.Spool;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Peer;
import dev.shunt.net.Protocol;
import dev.shunt.netty.Network;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.stats.Stats;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import dev.shunt.timer.Timers;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine inside a child: what handlers ask for becomes a frame to the manager, and answers find their way back to the
 * slot that asked. Safe for use by any thread; {@link ChildProcess} feeds it what the manager says.
 */
final class ChildEngine implements Engine {

    private static final Duration STATS_TIMEOUT = Duration.ofSeconds(5);

    /** Ids of tasks submitted here: the child's serial number above, a count below, so that no other process uses them. */
    private static final int SERIAL_SHIFT = 32;

    private final Plan plan;
    private final int firstSlot;
    private final BlockingLink link;
    private final Spool spool;
    private final Timers timers = new Timers();
    private final Map<Long, ChildConnection> connections = new ConcurrentHashMap<>();
    private final Set<Long> clogged = ConcurrentHashMap.newKeySet();
    private final Map<Long, Consumer<Result>> callbacks = new ConcurrentHashMap<>();
    private final Map<Long, Waiter> waiters = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Data>> questions = new ConcurrentHashMap<>();
    private final AtomicLong lastTask;
    private final AtomicLong lastQuestion = new AtomicLong();
    private @Nullable Network network;

    ChildEngine(Plan plan, int firstSlot, BlockingLink link, Spool spool, long serial) {
        this.plan = plan;
        this.firstSlot = firstSlot;
        this.link = link;
        this.spool = spool;
        this.lastTask = new AtomicLong(serial << SERIAL_SHIFT);
    }

    @Override
    public Optional<Slot> slot() {
        CurrentEngine current = CurrentEngine.orNull();
        return current == null ? Optional.empty() : Optional.ofNullable(current.slot());
    }

    @Override
    public long submit(Data data, TaskOptions options, @Nullable Consumer<Result> callback) {
        int group = taskGroup();
        long id = lastTask.incrementAndGet();
        var parcel = spool.pack(data);
        if (callback != null) {
            callbacks.put(id, callback);
        }
        int slot = slot().map(own -> own.index() - firstSlot).orElse(0);
        tell(new Frame.Submit(
                id, group, slot, options.retries(), options.backoff().toNanos(), parcel));
        return id;
    }

    @Override
    public Result await(Data data, TaskOptions options, Duration timeout) {
        int group = taskGroup();
        long id = lastTask.incrementAndGet();
        var waiter = new Waiter();
        var parcel = spool.pack(data);
        waiters.put(id, waiter);
        try {
            tell(new Frame.Submit(
                    id,
                    group,
                    Frame.NO_SLOT,
                    options.retries(),
                    options.backoff().toNanos(),
                    parcel));
            return waiter.await(id, timeout);
        } finally {
            waiters.remove(id);
        }
    }

    @Override
    public boolean send(long connectionId, Object message) {
        ChildConnection known = connections.get(connectionId);
        if (known != null) {
            return known.send(message);
        }
        if (clogged.contains(connectionId)) {
            return false;
        }
        tell(new Frame.Send(connectionId, false, Parcel.inline(Data.of(message))));
        return true;
    }

    @Override
    public boolean close(long connectionId) {
        ChildConnection known = connections.get(connectionId);
        if (known != null) {
            known.close();
        } else {
            tell(new Frame.Close(connectionId));
        }
        return true;
    }

    @Override
    public Connection connect(Endpoint endpoint, Protocol protocol, Limits limits, ConnectionHandlers handlers) {
        Executor here = CurrentEngine.get().executor();
        var events = new OutgoingEvents(here, protocol, handlers, limits.maxWaitingMessages());
        return events.connection(network().connect(network().loop(0), endpoint, protocol, limits, events));
    }

    @Override
    public long schedule(Duration delay, boolean repeat, Runnable action) {
        return timers.schedule(CurrentEngine.get().executor(), delay, repeat, action);
    }

    @Override
    public boolean cancel(long timerId) {
        return timers.cancel(timerId);
    }

    @Override
    public List<Endpoint> endpoints() {
        return plan.listeners().stream().map(Listener::endpoint).toList();
    }

    @Override
    public Stats stats() {
        long question = lastQuestion.incrementAndGet();
        var answer = new CompletableFuture<Data>();
        questions.put(question, answer);
        tell(new Frame.AskStats(question));
        try {
            return answer.get(STATS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).as(Stats.class);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the manager's stats", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the manager gave no stats within " + STATS_TIMEOUT, e);
        } finally {
            questions.remove(question);
        }
    }

    @Override
    public void reload() {
        tell(new Frame.Reload());
    }

    @Override
    public void shutdown() {
        tell(new Frame.Shutdown());
    }

    /** Sends a frame; it is on its way soon, even if the calling slot goes on for long. */
    void tell(Frame frame) {
        link.send(frame);
        link.flushSoon();
    }

    void adopt(Listener listener, Peer peer) {
        connections.put(peer.connectionId(), new ChildConnection(peer, listener, clogged::contains, this::tell));
    }

    @Nullable ChildConnection connection(long id) {
        return connections.get(id);
    }

    /** The manager keeps what was sent to this connection; {@code send} refuses until that is gone. */
    void clogged(long connectionId) {
        clogged.add(connectionId);
    }

    void unclogged(long connectionId) {
        clogged.remove(connectionId);
    }

    /** Its close callback is about to run. */
    void closed(ChildConnection connection) {
        connection.closed();
        connections.remove(connection.id());
    }

    /** A task that a thread of this child waits for, or no longer waits for, has ended. */
    void awaitedTaskEnded(Frame.TaskEnded frame) {
        tell(new Frame.Heard(frame.taskId()));
        Waiter waiter = waiters.remove(frame.taskId());
        if (waiter == null) {
            spool.discard(frame.parcel());
        } else {
            waiter.complete(() -> result(frame));
        }
    }

    /** On the slot that asked for the task, or on its successor, which has no callback for it. */
    void taskEnded(Frame.TaskEnded frame) {
        Consumer<Result> callback = callbacks.remove(frame.taskId());
        try {
            (callback == null ? plan.hooks().taskEnded() : callback).accept(result(frame));
        } finally {
            tell(new Frame.Heard(frame.taskId()));
        }
    }

    void answered(Frame.Stats frame) {
        var asked = questions.get(frame.question());
        if (asked != null) {
            asked.complete(spool.unpack(frame.parcel(), Codec.json()));
        }
    }

    private Result result(Frame.TaskEnded frame) {
        try {
            Data data = spool.unpack(frame.parcel(), Codec.json());
            return new Settlement(frame.outcome(), data).asResult(frame.taskId());
        } catch (UncheckedIOException e) {
            return new Result.Lost(frame.taskId(), String.valueOf(e.getMessage()));
        }
    }

    private int taskGroup() {
        return plan.taskGroup().map(plan::indexOf).orElseThrow(NoTaskSlots::new);
    }

    private synchronized Network network() {
        if (network == null) {
            network = Network.open("child", 1);
        }
        return network;
    }
}
