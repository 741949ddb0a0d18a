package dev.shunt.engine.manager;

import dev.shunt.control.Asked;
import dev.shunt.control.Reply;
import dev.shunt.data.Data;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.engine.Handle;
import dev.shunt.engine.QueueWait;
import dev.shunt.engine.SlotCallbacks;
import dev.shunt.engine.SlotFuture;
import dev.shunt.engine.SocketConnection;
import dev.shunt.engine.Waiter;
import dev.shunt.http.Bodies;
import dev.shunt.http.HttpPart;
import dev.shunt.http.MultipartReader;
import dev.shunt.http.Request;
import dev.shunt.log.Log;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Tls;
import dev.shunt.netty.MultipartForms;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.plan.WhenFull;
import dev.shunt.question.Question;
import dev.shunt.stats.Stats;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Interest;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskListener;
import dev.shunt.time.Nanos;
import dev.shunt.timer.Loop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The engine inside the manager: the calls of {@link Engine} on its parts. Safe for any thread. */
final class ManagerEngine implements Engine {

    private static final Logger LOG = Log.of(ManagerEngine.class);

    private final ManagerParts parts;
    private final Shutdown shutdown;
    private final Drain drain;

    /** Of what threads ask for that are no slots. */
    private final SlotCallbacks nobodys;

    /** To questions that are not answered yet. */
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();

    private volatile boolean stopped;
    private Function<Asked, CompletionStage<Reply>> control = _ -> CompletableFuture.failedFuture(isOver());

    ManagerEngine(ManagerParts parts, Shutdown shutdown) {
        this.parts = parts;
        this.shutdown = shutdown;
        this.drain = new Drain(parts, shutdown);
        this.nobodys = new SlotCallbacks(parts.managerSlot(), this);
    }

    @Override
    public Plan plan() {
        return parts.plan();
    }

    @Override
    public Optional<Slot> slot() {
        CurrentEngine current = CurrentEngine.orNull();
        return current == null ? Optional.empty() : Optional.ofNullable(current.slot());
    }

    @Override
    public long submit(Submission task, @Nullable TaskListener listener) {
        var ready = ready(task);
        boolean streamed = listener == null && ready.options().unique().isEmpty();
        CurrentEngine current = CurrentEngine.orNull();
        return submit(
                ready,
                current,
                new Origin.Here(
                        here(current),
                        listener == null ? parts.plan().hooks().tasks() : listener,
                        streamed ? Interest.RESULTS : Interest.END));
    }

    @Override
    public TaskHandle start(Submission task) {
        var ready = ready(task);
        var handle = new Handle(ready, callbacks(), this::cancelAsked);
        CurrentEngine current = CurrentEngine.orNull();
        return handle.withId(submit(ready, current, new Origin.Here(here(current), handle, Interest.HANDLE)));
    }

    /** What is left when the program has stopped is over. */
    private void cancelAsked(long taskId) {
        try {
            main().execute(() -> parts.tasks().cancel(taskId));
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped already", e);
        }
    }

    /** Waits for room if the plan says so and the caller may wait. */
    private long submit(Submission task, @Nullable CurrentEngine current, Origin origin) {
        if (!waitsForRoom()) {
            return parts.tasks().submit(task, source(current), origin, null);
        }
        var taken = new CompletableFuture<Void>();
        long id = parts.tasks().submit(task, source(current), origin, () -> taken.complete(null));
        parts.ports().waiting().until(taken::isDone, Long.MAX_VALUE);
        QueueWait.await(taken, () -> parts.tasks().withdraw(id));
        return id;
    }

    /** Whoever waits for the result anyway waits for room meanwhile, and no longer than it wants to. */
    private long submitWithoutWaiting(Submission task, Origin origin) {
        return parts.tasks().submit(task, source(CurrentEngine.orNull()), origin, waitsForRoom() ? () -> {} : null);
    }

    private boolean waitsForRoom() {
        return parts.plan().settings().queue().whenFull() == WhenFull.WAIT && mayWaitForRoom();
    }

    private boolean mayWaitForRoom() {
        CurrentEngine current = CurrentEngine.orNull();
        return slot().filter(parts.plan()::runsTasks).isEmpty() && (current == null || current.mayWait());
    }

    @Override
    public List<Result> await(List<Submission> tasks, Duration timeout) {
        CurrentEngine.refuseToWait("waiting for a task");
        var ready = tasks.stream().map(this::ready).toList();
        long end = parts.ports().clock().nanoTime() + Nanos.of(timeout);
        var waiters = ready.stream().map(Waiter::new).toList();
        var ids = new long[waiters.size()];
        for (int i = 0; i < ids.length; i++) {
            var waiter = waiters.get(i);
            TaskListener listener = result -> waiter.complete(() -> result);
            ids[i] = submitWithoutWaiting(ready.get(i), new Origin.Here(Runnable::run, listener, Interest.END));
        }
        var results = new ArrayList<Result>();
        for (int i = 0; i < ids.length; i++) {
            var waiter = waiters.get(i);
            parts.ports()
                    .waiting()
                    .until(waiter::isDone, end - parts.ports().clock().nanoTime());
            results.add(waiter.await(ids[i], end - parts.ports().clock().nanoTime()));
        }
        return results;
    }

    @Override
    public CompletionStage<List<DeadTask>> deadTasks(long afterId, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("cannot list " + limit + " dead letters; ask for 1 or more");
        }
        return asked(() -> parts.letters().list(afterId, limit));
    }

    @Override
    public CompletionStage<Boolean> rerun(long taskId) {
        var letters = parts.letters();
        return asked(() -> onMain(answer -> letters.rerun(taskId, answer)));
    }

    @Override
    public CompletionStage<Boolean> discard(long taskId) {
        var letters = parts.letters();
        return asked(() -> onMain(answer -> letters.discard(taskId, answer)));
    }

    /** Before the program runs. */
    void controlledBy(Function<Asked, CompletionStage<Reply>> answers) {
        control = answers;
    }

    @Override
    public CompletionStage<Reply> control(Asked question) {
        return asked(() -> control.apply(question));
    }

    @Override
    public CompletionStage<Boolean> cancelTask(long taskId) {
        var tasks = parts.tasks();
        return asked(() -> onMain(answer -> tasks.cancel(taskId, answer::complete)));
    }

    /** What the caller does with the answer is done on its slot, and holds up neither the main loop nor the log. */
    private <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> question) {
        var told = new SlotFuture<T>(callbacks(), "a question about the program");
        open.add(told);
        try {
            var _ = question.get().whenComplete((value, problem) -> answer(told, value, problem));
        } catch (RejectedExecutionException e) {
            stopped = true;
        }
        if (stopped) {
            stopped();
        }
        return told;
    }

    @SuppressWarnings("CollectionUndefinedEquality") // identity is meant
    private <T> void answer(CompletableFuture<T> told, @Nullable T value, @Nullable Throwable problem) {
        open.remove(told);
        if (problem == null) {
            told.complete(value);
        } else {
            told.completeExceptionally(problem instanceof RejectedExecutionException ? isOver() : problem);
        }
    }

    /** Nothing that has not been answered is answered any more. */
    void stopped() {
        stopped = true;
        open.forEach(question -> question.completeExceptionally(isOver()));
        open.clear();
    }

    private static IllegalStateException isOver() {
        return new IllegalStateException("the program has stopped, and its task log is closed");
    }

    @Override
    public boolean post(int slotId, Data message) {
        Slot target = parts.plan().slot(slotId, parts.groups()::slotsNow);
        if (slot().filter(target::equals).isPresent()) {
            return false;
        }
        return parts.posts().post(target, slot().map(Slot::id).orElse(-1), message.encoded());
    }

    @Override
    public <R> R ask(Question<R> question) {
        return parts.answers().to(question);
    }

    @Override
    public void subscribe(String topic, Consumer<? super Data> listener) {
        parts.answers().topics().own().add(topic, here(), listener);
    }

    @Override
    public boolean unsubscribe(String topic) {
        return parts.answers().topics().own().removeAll(topic);
    }

    @Override
    public boolean send(long connectionId, Object message) {
        return parts.connections().send(connectionId, message);
    }

    @Override
    public boolean sendTo(int listener, InetSocketAddress to, Object message) {
        return parts.listeners().sendTo(listener, to, Data.of(message));
    }

    @Override
    public boolean answer(HttpPart part, boolean shared) {
        SocketConnection connection = parts.connections().get(Request.connectionOf(part.requestId()));
        return connection != null
                && ((connection.socket() instanceof RemoteSocket remote && part.is(HttpPart.FIRST))
                        ? parts.childSockets().answer(remote, part)
                        : connection.answer(part));
    }

    @Override
    public MultipartReader multipart() {
        return new MultipartForms(parts.ports().spool());
    }

    @Override
    public void askBody(long requestId, int bytes, Bodies.Sink sink) {
        CurrentEngine.refuseToWait("the body of a request");
        parts.connections().askBody(requestId, bytes, sink);
    }

    @Override
    public boolean close(long connectionId) {
        return parts.connections().close(connectionId, CloseStatus.NORMAL);
    }

    @Override
    public boolean close(long connectionId, int code, String reason) {
        Connection connection = parts.connections().get(connectionId);
        if (connection == null) {
            return parts.connections().others().close(connectionId, CloseStatus.toSend(code, reason));
        }
        connection.close(code, reason);
        return true;
    }

    @Override
    public Connection connect(
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            Optional<Tls.Client> tls,
            ConnectionHandlers handlers) {
        return parts.ports().dialer().connect(here(), endpoint, protocol, limits, tls, handlers);
    }

    @Override
    public long schedule(Duration delay, boolean repeat, Runnable action) {
        return parts.ports().timers().schedule(here(), delay, repeat, action);
    }

    @Override
    public long alarm(Duration delay, Runnable action) {
        return parts.ports().timers().schedule(Runnable::run, delay, false, action);
    }

    @Override
    public boolean letOthersRun(BooleanSupplier so, long nanos) {
        return parts.ports().waiting().until(so, nanos);
    }

    @Override
    public boolean cancel(long timerId) {
        return parts.ports().timers().cancel(timerId);
    }

    @Override
    public List<Endpoint> endpoints() {
        return parts.listeners().endpoints();
    }

    @Override
    public Stats stats() {
        return parts.stats().now();
    }

    @Override
    public void reload(boolean tasksOnly) {
        main().execute(() -> parts.reload(tasksOnly));
    }

    @Override
    public void shutdown() {
        shutdown.begin();
    }

    @Override
    public void shutdown(Duration patience) {
        drain.begin(patience);
    }

    /** The caller's slot; for a thread that is none, the slot that stands for the manager. */
    private Executor here() {
        return here(CurrentEngine.orNull());
    }

    private Executor here(@Nullable CurrentEngine current) {
        return current == null ? parts.managerSlot() : current.executor();
    }

    /** As {@link #here}. */
    private SlotCallbacks callbacks() {
        CurrentEngine current = CurrentEngine.orNull();
        return current == null ? nobodys : current.callbacks();
    }

    private Loop main() {
        return parts.ports().main();
    }

    /** An answer that is found on the main loop. */
    private <T> CompletionStage<T> onMain(Consumer<CompletableFuture<T>> question) {
        var answer = new CompletableFuture<T>();
        main().execute(() -> question.accept(answer));
        return answer;
    }

    private static int source(@Nullable CurrentEngine current) {
        Slot slot = current == null ? null : current.slot();
        return slot == null ? 0 : slot.id();
    }

    /** Objects are encoded now, wherever they go, and text if it leaves: the caller hears if that cannot be. */
    private Submission ready(Submission task) {
        var group = parts.tasks().group(task);
        task.options()
                .slot()
                .ifPresent(slot -> group.checkSlot(slot, parts.groups().slotsNow(group)));
        boolean leaves = group.placement() == Placement.CHILDREN
                || parts.ports().elsewhere().contains(group.name())
                || task.options().keptWhenDead()
                || parts.plan().settings().queue().whenFull() == WhenFull.SPILL;
        return leaves ? task.encoded() : task.portable();
    }
}
