package dev.shunt.engine.child;

import dev.shunt.control.Asked;
import dev.shunt.control.Control;
import dev.shunt.control.DeadFilter;
import dev.shunt.control.Done;
import dev.shunt.control.Reply;
import dev.shunt.data.Data;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.DeadLettersWire;
import dev.shunt.engine.Dialer;
import dev.shunt.engine.Engine;
import dev.shunt.engine.SlotCallbacks;
import dev.shunt.engine.SlotFuture;
import dev.shunt.http.Bodies;
import dev.shunt.http.HttpPart;
import dev.shunt.http.MultipartReader;
import dev.shunt.http.Request;
import dev.shunt.ipc.Frame;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Tls;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Group;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.question.OfConnections;
import dev.shunt.question.OfSlots;
import dev.shunt.question.Question;
import dev.shunt.stats.Stats;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskListener;
import dev.shunt.timer.Timers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine inside a child: what handlers ask for becomes a frame to the manager, and {@link ChildWork} brings the
 * answers to its parts. Safe for use by any thread.
 */
final class ChildEngine implements Engine {

    private final Plan plan;
    private final int firstSlot;
    private final Executor firstOwn;
    private final ManagerLink manager;
    private final AskedTasks tasks;
    private final ChildConnections connections;
    private final ChildAnswers answers;
    private final ChildPosts posts;
    private final Questions questions;
    private final Timers timers;
    private final OwnSockets sockets;
    private final Dialer dialer;

    /** Of what threads ask for that are no slots. */
    private final SlotCallbacks nobodys;

    /**
     * @param firstSlot of this child, in its group
     * @param firstOwn runs things on that slot
     */
    ChildEngine(
            Plan plan,
            int firstSlot,
            Executor firstOwn,
            ManagerLink manager,
            AskedTasks tasks,
            ChildConnections connections,
            ChildAnswers answers,
            ChildPosts posts,
            Questions questions,
            Timers timers,
            OwnSockets sockets,
            ChildNetwork network) {
        this.plan = plan;
        this.firstSlot = firstSlot;
        this.firstOwn = firstOwn;
        this.manager = manager;
        this.tasks = tasks;
        this.connections = connections;
        this.answers = answers;
        this.posts = posts;
        this.questions = questions;
        this.timers = timers;
        this.nobodys = new SlotCallbacks(firstOwn, this);
        this.sockets = sockets;
        dialer = new ChildDialer(network);
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Optional<Slot> slot() {
        CurrentEngine current = CurrentEngine.orNull();
        return current == null ? Optional.empty() : Optional.ofNullable(current.slot());
    }

    @Override
    public long submit(Submission task, @Nullable TaskListener listener) {
        return tasks.submit(task, localSlot(), listener);
    }

    @Override
    public TaskHandle start(Submission task) {
        CurrentEngine current = CurrentEngine.orNull();
        return tasks.start(task, localSlot(), current == null ? nobodys : current.callbacks());
    }

    @Override
    public List<Result> await(List<Submission> wanted, Duration timeout) {
        return tasks.await(wanted, timeout);
    }

    @Override
    public CompletionStage<List<DeadTask>> deadTasks(long afterId, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("cannot list " + limit + " dead letters; ask for 1 or more");
        }
        return control(DeadLettersWire.question(afterId, limit))
                .thenApply(reply -> DeadLettersWire.letters(reply, plan.codec()));
    }

    @Override
    public CompletionStage<Boolean> rerun(long taskId) {
        return one(steering().rerun(DeadFilter.ofIds(Set.of(taskId))));
    }

    @Override
    public CompletionStage<Boolean> discard(long taskId) {
        return one(steering().discard(DeadFilter.ofIds(Set.of(taskId))));
    }

    private Control steering() {
        return new Control(this::control, "program");
    }

    private static CompletionStage<Boolean> one(CompletionStage<Done.Letters> letter) {
        return letter.thenApply(done -> {
            if (done.problems() != null) {
                throw new IllegalStateException(done.problems().getFirst().error());
            }
            return done.done() == 1;
        });
    }

    @Override
    public CompletionStage<Reply> control(Asked asked) {
        CurrentEngine current = CurrentEngine.orNull();
        var told =
                new SlotFuture<Reply>(current == null ? nobodys : current.callbacks(), "a question about the program");
        var _ = questions.control(asked).thenAccept(told::complete);
        return told;
    }

    @Override
    public boolean post(int slotId, Data message) {
        Slot target = target(slotId);
        if (slot().filter(target::equals).isPresent()) {
            return false;
        }
        return posts.post(slotId, slot().map(Slot::id).orElse(-1), message);
    }

    /** Of one that is beyond the plan only the manager knows whether it is there. */
    private Slot target(int slotId) {
        boolean planned = slotId < plan.groups().stream().mapToInt(Group::slots).sum();
        return planned ? plan.slot(slotId) : plan.slot(slotId, group -> questions.ask(new OfSlots.Count(group.name())));
    }

    @Override
    public boolean send(long connectionId, Object message) {
        var own = sockets.get(connectionId);
        return own == null ? connections.send(connectionId, message) : own.send(message);
    }

    @Override
    public boolean sendTo(int listener, InetSocketAddress to, Object message) {
        connections.sendTo(listener, to, Data.of(message));
        return true;
    }

    @Override
    public boolean answer(HttpPart part, boolean shared) {
        var own = sockets.get(Request.connectionOf(part.requestId()));
        return own == null ? answers.answer(part, shared) : sockets.answer(own, part);
    }

    @Override
    public MultipartReader multipart() {
        return answers.multipart();
    }

    @Override
    public void askBody(long requestId, int bytes, Bodies.Sink sink) {
        CurrentEngine.refuseToWait("the body of a request");
        var own = sockets.get(Request.connectionOf(requestId));
        if (own == null) {
            answers.askBody(requestId, bytes, sink);
        } else {
            own.askBody(requestId, bytes, sink);
        }
    }

    @Override
    public boolean close(long connectionId) {
        var own = sockets.get(connectionId);
        if (own == null) {
            connections.close(connectionId);
        } else {
            own.close();
        }
        return true;
    }

    @Override
    public boolean close(long connectionId, int code, String reason) {
        var own = sockets.get(connectionId);
        if (own == null) {
            connections.close(connectionId, code, reason);
        } else {
            own.close(code, reason);
        }
        return true;
    }

    @Override
    public Connection connect(
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            Optional<Tls.Client> tls,
            ConnectionHandlers handlers) {
        var slot = sockets.here(localSlot(), CurrentEngine.get().executor());
        return dialer.connect(slot, endpoint, protocol, limits, tls, handlers);
    }

    @Override
    public long schedule(Duration delay, boolean repeat, Runnable action) {
        return timers.schedule(here(), delay, repeat, action);
    }

    @Override
    public long alarm(Duration delay, Runnable action) {
        return timers.schedule(Runnable::run, delay, false, action);
    }

    @Override
    public boolean letOthersRun(BooleanSupplier so, long nanos) {
        manager.recall();
        return false;
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
    public <R> R ask(Question<R> question) {
        if (question instanceof OfConnections.Page || question instanceof OfConnections.Info) { // which say counts
            sockets.tellCounts();
        }
        return questions.ask(question);
    }

    @Override
    public void subscribe(String topic, Consumer<? super Data> listener) {
        questions.subscribe(topic, here(), listener);
    }

    @Override
    public boolean unsubscribe(String topic) {
        return questions.unsubscribe(topic);
    }

    @Override
    public Stats stats() {
        sockets.tellCounts();
        return questions.stats();
    }

    @Override
    public void reload(boolean tasksOnly) {
        manager.tell(new Frame.Reload(tasksOnly));
    }

    @Override
    public void shutdown() {
        manager.tell(new Frame.Shutdown());
    }

    private int localSlot() {
        return slot().map(own -> own.index() - firstSlot).orElse(0);
    }
}
