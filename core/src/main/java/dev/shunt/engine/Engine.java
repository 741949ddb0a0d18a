package dev.shunt.engine;

import dev.shunt.control.Asked;
import dev.shunt.control.Reply;
import dev.shunt.data.Data;
import dev.shunt.http.Bodies;
import dev.shunt.http.HttpPart;
import dev.shunt.http.MultipartReader;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Tls;
import dev.shunt.netty.MultipartForms;
import dev.shunt.netty.Spool;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.question.Question;
import dev.shunt.stats.Stats;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Result;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one door to what runs: the same calls in the manager and in a child, from any thread. Handlers find the engine that
 * runs them with {@link CurrentEngine}.
 */
public interface Engine {

    /** What runs. */
    Plan plan();

    /** The slot whose thread the caller is. */
    Optional<Slot> slot();

    /**
     * Accepts a task and returns its id at once, unless the plan says to wait while the queue is full.
     *
     * @param listener hears of its end on the caller's slot; without it the plan's hook does, and of every result
     * @throws IllegalStateException if the plan has no slots for tasks
     * @throws IllegalArgumentException if the payload or the context cannot be encoded, or there is no such slot
     */
    long submit(Submission task, @Nullable TaskListener listener);

    /** As {@link #submit}, for whoever wants to follow the task: its progress, that it is stored, and to cancel it. */
    TaskHandle start(Submission task);

    /**
     * Runs tasks and waits for their results, which come in the order of the tasks; {@link Result.TimedOut} for those that
     * have not ended after {@code timeout}, which does not stop them.
     *
     * @throws IllegalStateException on an event loop, which must never wait
     */
    List<Result> await(List<Submission> tasks, Duration timeout);

    /** As the other one, for a single task. */
    default Result await(Submission task, Duration timeout) {
        return await(List.of(task), timeout).getFirst();
    }

    /** Dead letters in the order of their ids, from the first id above {@code afterId} on. */
    CompletionStage<List<DeadTask>> deadTasks(long afterId, int limit);

    /** Runs a dead letter again, from its first attempt; false if there is none of that id. */
    CompletionStage<Boolean> rerun(long taskId);

    /** Forgets a dead letter; false if there is none of that id. */
    CompletionStage<Boolean> discard(long taskId);

    /**
     * Ends a task that was submitted with a handle, in any process of the program, or of a durable one that nodes share, on any
     * of them; false if there is none. In the manager only.
     */
    default CompletionStage<Boolean> cancelTask(long taskId) {
        throw new IllegalStateException("this engine cancels no tasks by their id");
    }

    /**
     * Sends something to another slot, which hears of it in the plan's hook.
     *
     * @return false if that slot is the caller's own
     * @throws IllegalArgumentException if there is no slot of that id, or the message cannot be encoded
     */
    boolean post(int slotId, Data message);

    /**
     * Asks the manager about what all processes share. In the manager any thread is answered at once; in a child it waits.
     *
     * @throws IllegalStateException if what is asked cannot be, or, in a child, the manager does not answer within five
     *     seconds
     */
    <R> R ask(Question<R> question);

    /** Hears on the caller's slot what is published on a topic from now on, until this process ends. */
    void subscribe(String topic, Consumer<? super Data> listener);

    /** Nobody of this process hears of that topic any more; false if nobody did. */
    boolean unsubscribe(String topic);

    /** Sends to any open connection of the program. False if it is known to be closed or too much waits for it. */
    boolean send(long connectionId, Object message);

    /**
     * Sends a datagram from where a listener of the plan receives them.
     *
     * @param listener its index in the plan
     * @return false if it was not sent, for too much waits; in a child, where that is not known, true
     */
    default boolean sendTo(int listener, InetSocketAddress to, Object message) {
        throw new IllegalStateException("this engine sends no datagrams");
    }

    /**
     * Sends a part of the answer to a request of HTTP, whose connection may be anywhere in the program. One that is not the
     * first waits for room, unless this is an event loop.
     *
     * @param shared whether others may answer it, too: then the first part of a child waits to hear who does
     * @return false if it will not be sent: the client is gone, or there is no room and no waiting
     * @throws IllegalStateException if the request has been answered, or is no longer waited for
     */
    boolean answer(HttpPart part, boolean shared);

    /**
     * Has more come of the body of a request whose handler reads it while it comes; see {@link Bodies#ask}.
     *
     * @throws IllegalStateException on an event loop, which must never wait
     */
    void askBody(long requestId, int bytes, Bodies.Sink sink);

    /** What reads forms with files, in any process. */
    default MultipartReader multipart() {
        return new MultipartForms(Spool.temporary());
    }

    /** Closes any connection of the program. */
    boolean close(long connectionId);

    /**
     * As {@link Connection#close(int, String)}. In a child, one that others handle and that is no WebSocket is closed without
     * the code, and the log says so.
     */
    boolean close(long connectionId, int code, String reason);

    /** Opens a connection of this process; its handlers run on the caller's slot. Returns at once. */
    Connection connect(
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            Optional<Tls.Client> tls,
            ConnectionHandlers handlers);

    /** Runs something on the caller's slot, later, once or again and again; returns the timer's id in this process. */
    long schedule(Duration delay, boolean repeat, Runnable action);

    /** Runs something once, on any thread: it must not wait. Returns a timer's id, as {@link #schedule} does. */
    long alarm(Duration delay, Runnable action);

    /**
     * Before the calling thread waits for something that this engine brings.
     *
     * @param so what it waits for
     * @param nanos how long at most
     * @return whether it was waited for in here, until it was so or the time was over; false where others bring it meanwhile
     */
    boolean letOthersRun(BooleanSupplier so, long nanos);

    /** Stops a timer; false if there is none of that id any more. */
    boolean cancel(long timerId);

    /** Where the program listens, with the ports it got where the plan said 0 (in a child: as planned). */
    List<Endpoint> endpoints();

    /**
     * The program in numbers, all of one moment, not earlier than the call: whatever the caller has been told of is
     * counted. A thread other than the main loop waits until that has counted, usually well below a millisecond; if it
     * is held up for longer than a second (100 ms, if the caller is another event loop) the numbers are those of the
     * last time anyone asked. After the program has stopped they are its last ones.
     *
     * @throws IllegalStateException in a child, if the manager does not answer within five seconds
     */
    Stats stats();

    /**
     * Replaces children one by one by new ones, which load the classes that are on disk then; returns at once. Calls while
     * one is under way collapse into one more.
     *
     * @param tasksOnly only children that run tasks
     */
    void reload(boolean tasksOnly);

    /** A call of the control API, which is answered on the caller's slot. */
    default CompletionStage<Reply> control(Asked asked) {
        throw new IllegalStateException("this engine is not seen and steered by its control API");
    }

    /** Ends the whole program in order; returns at once. */
    void shutdown();

    /**
     * As {@link #shutdown()}, when what waits for a slot, and what it asks for, has run; at the latest after {@code
     * patience}. Nothing is due by a schedule any more. A retry that is due within that time is waited for, and a task whose
     * own time has not come is not.
     *
     * @throws IllegalStateException in a child
     */
    default void shutdown(Duration patience) {
        throw new IllegalStateException("a child does not wait for the end of its own work: ask its manager");
    }
}
