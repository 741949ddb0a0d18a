package dev.shunt.engine.child;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.engine.Handle;
import dev.shunt.engine.NoTaskSlots;
import dev.shunt.engine.OutgoingEvents;
import dev.shunt.engine.QueueWait;
import dev.shunt.engine.TaskIds;
import dev.shunt.engine.Waiter;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame;
import dev.shunt.task.Interest;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Peer;
import dev.shunt.netty.Network;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Group;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.plan.WhenFull;
import dev.shunt.stats.Stats;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskListener;
import dev.shunt.time.Clock;
import dev.shunt.timer.Timers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine inside a child: what handlers ask for becomes a frame to the manager, and answers find their way back to the
 * slot that asked. Safe for use by any thread; {@link ChildProcess} feeds it what the manager says.
 */
final class ChildEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(ChildEngine.class);
    private static final Duration STATS_TIMEOUT = Duration.ofSeconds(5);

    private final Clock clock = Clock.system();
    private final Plan plan;
    private final boolean runsTasks;
    private final int firstSlot;
    private final BlockingLink link;
    private final PayloadFiles files;
    private final Executor firstOwn;
    private final Timers timers = new Timers();
    private final Map<Long, ChildConnection> connections = new ConcurrentHashMap<>();
    private final Set<Long> congested = ConcurrentHashMap.newKeySet();
    private final Map<Long, TaskListener> listeners = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Void>> roomFor = new ConcurrentHashMap<>();
    private final Map<Long, Waiter> waiters = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Data>> questions = new ConcurrentHashMap<>();
    private final Queue<Long> numbers = new ConcurrentLinkedQueue<>();
    private final TaskIds ids;
    private final AtomicLong lastQuestion = new AtomicLong();
    private @Nullable Network network;

    ChildEngine(Plan plan, Group group, int firstSlot, BlockingLink link, PayloadFiles files, long serial, Executor firstOwn) {
        this.plan = plan;
        this.runsTasks = group.runsTasks();
        this.firstSlot = firstSlot;
        this.link = link;
        this.files = files;
        this.firstOwn = firstOwn;
        this.ids = new TaskIds(serial, this::nextNumber, () -> tell(new Frame.AskTaskIds()));
    }

    @Override
    public Optional<Slot> slot() {
        CurrentEngine current = CurrentEngine.orNull();
        return current == null ? Optional.empty() : Optional.ofNullable(current.slot());
    }

    @Override
    public long submit(Submission task, @Nullable TaskListener listener) {
        long id = ids.next();
        boolean streamed = listener == null && task.options().unique().isEmpty();
        return submit(task, id, localSlot(), streamed ? Interest.RESULTS : Interest.END, listener);
    }

    @Override
    public TaskHandle start(Submission task) {
        long id = ids.next();
        var handle = new Handle(task, taskId -> tell(new Frame.Cancel(taskId))).withId(id);
        submit(task, id, localSlot(), Interest.HANDLE, handle);
        return handle;
    }

    /** Waits for room if the plan says so; never on a slot for tasks, on which that room may depend. */
    private long submit(Submission task, long id, int slot, Interest interest, @Nullable TaskListener listener) {
        var frame = frame(task, id, slot, interest);
        if (listener != null) {
            listeners.put(id, listener);
        }
        if (plan.settings().queue().whenFull() != WhenFull.WAIT || runsTasks) {
            tell(frame);
            return id;
        }
        var room = new CompletableFuture<Void>();
        roomFor.put(id, room);
        tell(frame);
        link.recall();
        QueueWait.await(room, () -> tell(new Frame.Withdraw(id)));
        roomFor.remove(id);
        return id;
    }

    private Frame.Submit frame(Submission task, long id, int slot, Interest interest) {
        int group = taskGroup(task);
        var encoded = task.encoded();
        return new Frame.Submit(id, group, slot, interest, task.type(), encoded.options(), files.pack(encoded.data()));
    }

    @Override
    public List<Result> await(List<Submission> tasks, Duration timeout) {
        long end = clock.nanoTime() + timeout.toNanos();
        var waiters = tasks.stream().map(Waiter::new).toList();
        long[] taskIds = tasks.stream().mapToLong(_ -> ids.next()).toArray();
        var results = new ArrayList<Result>();
        try {
            for (int i = 0; i < waiters.size(); i++) {
                this.waiters.put(taskIds[i], waiters.get(i));
                tell(frame(tasks.get(i), taskIds[i], Frame.NO_SLOT, Interest.END));
            }
            link.recall();
            for (int i = 0; i < waiters.size(); i++) {
                results.add(waiters.get(i).await(taskIds[i], end - clock.nanoTime()));
            }
        } finally {
            for (int i = 0; i < waiters.size(); i++) {
                this.waiters.remove(taskIds[i]);
            }
        }
        return results;
    }

    @Override
    public CompletionStage<List<DeadTask>> deadTasks(long afterId, int limit) {
        throw inManagerOnly();
    }

    @Override
    public CompletionStage<Boolean> rerun(long taskId) {
        throw inManagerOnly();
    }

    @Override
    public CompletionStage<Boolean> discard(long taskId) {
        throw inManagerOnly();
    }

    private static IllegalStateException inManagerOnly() {
        return new IllegalStateException(
                "dead letters are in the manager's hand, and this is a child: ask where handlers run"
                        + " in the manager, which is on workers of placement EVENT_LOOP or IN_PROCESS");
    }

    @Override
    public boolean post(int slotId, Data message) {
        Slot target = plan.slot(slotId);
        if (slot().filter(target::equals).isPresent()) {
            return false;
        }
        tell(new Frame.Post(slotId, slot().map(Slot::id).orElse(-1), files.pack(message)));
        return true;
    }

    @Override
    public boolean send(long connectionId, Object message) {
        ChildConnection known = connections.get(connectionId);
        if (known != null) {
            return known.send(message);
        }
        if (congested.contains(connectionId)) {
            return false;
        }
        tell(new Frame.Send(connectionId, false, Payload.inline(Data.of(message))));
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
    public Connection connect(Endpoint endpoint, ApplicationProtocol protocol, Limits limits, ConnectionHandlers handlers) {
        Executor here = CurrentEngine.get().executor();
        var events = new OutgoingEvents(here, protocol, handlers, limits.maxWaitingMessages());
        return events.connection(network().connect(network().loop(0), endpoint, protocol, limits, events));
    }

    @Override
    public long schedule(Duration delay, boolean repeat, Runnable action) {
        return timers.schedule(here(), delay, repeat, action);
    }

    /** The caller's slot; for a thread that is none, the first one of this child, as for the tasks it submits. */
    private Executor here() {
        CurrentEngine current = CurrentEngine.orNull();
        return current == null ? firstOwn : current.executor();
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
        link.recall();
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
    public void reload(boolean tasksOnly) {
        tell(new Frame.Reload(tasksOnly));
    }

    @Override
    public void shutdown() {
        tell(new Frame.Shutdown());
    }

    /** Not on a slot. */
    void later(Duration delay, Runnable action) {
        timers.schedule(Runnable::run, delay, false, action);
    }

    /** Sends a frame; it is on its way soon, even if the calling slot goes on for long. */
    void tell(Frame.FromChild frame) {
        link.send(frame);
        link.flushSoon();
    }

    void adopt(Listener listener, Peer peer) {
        connections.put(peer.connectionId(), new ChildConnection(peer, listener, congested::contains, this::tell));
    }

    @Nullable ChildConnection connection(long id) {
        return connections.get(id);
    }

    /** The manager keeps what was sent to this connection; {@code send} refuses until that is gone. */
    void congested(long connectionId) {
        congested.add(connectionId);
    }

    void uncongested(long connectionId) {
        congested.remove(connectionId);
    }

    /** Its close callback is about to run. */
    void closed(ChildConnection connection) {
        connection.closed();
        connections.remove(connection.id());
    }

    /** A task that a thread of this child waits for, or no longer waits for, has ended. */
    void awaitedTaskEnded(Frame.TaskEnded frame) {
        tell(new Frame.Acknowledged(frame.taskId()));
        Waiter waiter = waiters.remove(frame.taskId());
        if (waiter == null || !waiter.complete(() -> result(frame))) {
            files.discard(frame.payload());
        }
    }

    /** On the slot that asked for the task, or on its successor, which has no listener for it. */
    void taskEnded(Frame.TaskEnded frame) {
        TaskListener listener = listeners.remove(frame.taskId());
        try {
            (listener == null ? plan.hooks().tasks() : listener).ended(result(frame));
        } finally {
            tell(new Frame.Acknowledged(frame.taskId()));
        }
    }

    /** On the slot that asked for the task; its successor has no listener for it. */
    void taskProgressed(Frame.TaskProgressed frame) {
        TaskListener listener = listeners.get(frame.taskId());
        if (listener == null) {
            files.discard(frame.payload());
        } else {
            listener.progressed(files.unpack(frame.payload(), Codec.json()));
        }
    }

    /** On the slot that asked for the task. */
    void taskStored(Frame.TaskStored frame) {
        TaskListener listener = listeners.get(frame.taskId());
        if (listener != null) {
            listener.stored(frame.problem().isEmpty() ? null : new IOException(frame.problem()));
        }
    }

    void taskIds(long number) {
        numbers.add(number);
    }

    private long nextNumber() throws IOException {
        Long next = numbers.poll();
        if (next == null) {
            throw new IOException("the manager has not answered yet");
        }
        return next;
    }

    void taskTaken(long taskId) {
        var room = roomFor.get(taskId);
        if (room != null) {
            room.complete(null);
        }
    }

    /** On the slot that it was sent to. */
    void posted(Frame.Posted frame) {
        Data message = files.unpack(frame.payload(), Codec.json());
        try {
            plan.hooks().message(frame.source(), message);
        } catch (Exception e) { // the program's own code; the slot goes on with the next thing
            LOG.error("the callback for a message from worker {} threw", frame.source(), e);
        }
    }

    /** A slot listens for the end of a task; nobody would if this process ended now. */
    boolean awaitsResults() {
        return !listeners.isEmpty();
    }

    void answered(Frame.Stats frame) {
        var asked = questions.get(frame.question());
        if (asked != null) {
            asked.complete(files.unpack(frame.payload(), Codec.json()));
        }
    }

    private Result result(Frame.TaskEnded frame) {
        Data context = files.unpack(frame.context(), Codec.json());
        try {
            Data data = files.unpack(frame.payload(), Codec.json());
            return Settlement.of(frame.outcome(), data).asResult(frame.taskId(), context);
        } catch (UncheckedIOException e) {
            return new Result.Lost(frame.taskId(), String.valueOf(e.getMessage()), context);
        }
    }

    private int taskGroup(Submission task) {
        Group group = plan.taskGroup().orElseThrow(NoTaskSlots::new);
        task.options().slot().ifPresent(group::checkSlot);
        return plan.indexOf(group);
    }

    private int localSlot() {
        return slot().map(own -> own.index() - firstSlot).orElse(0);
    }

    private synchronized Network network() {
        if (network == null) {
            network = Network.open("child", 1);
        }
        return network;
    }
}
