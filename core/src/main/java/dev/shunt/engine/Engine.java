package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Protocol;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.stats.Stats;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one door to what runs: the same calls in the manager and in a child, from any thread. Handlers find the engine that
 * runs them with {@link #current}.
 */
public interface Engine {

    /**
     * Called as early as a face can: in a child it connects to the manager, so that the child ends with it even while the
     * program's {@code main} is still on its way to {@link #run}. Does nothing in the manager.
     */
    static void enter() {
        Start.enter();
    }

    /**
     * Runs the plan. In the manager it returns when the program has stopped; in a child it never returns, and the process
     * exits instead.
     *
     * @param onEngine given the engine of this process before any handler runs
     * @throws IllegalStateException if it cannot start; says why and what to do
     */
    static void run(Plan plan, Consumer<Engine> onEngine) {
        Start.run(plan, onEngine);
    }

    /** The engine whose slot or event loop the caller is; throws {@link IllegalStateException} on any other thread. */
    static Engine current() {
        return CurrentEngine.get().engine();
    }

    /** The slot whose thread the caller is. */
    Optional<Slot> slot();

    /**
     * Accepts a task and returns its id at once.
     *
     * @param callback gets the result on the caller's slot; without it the plan's hook does
     * @throws IllegalStateException if the plan has no slots for tasks
     */
    long submit(Data data, TaskOptions options, @Nullable Consumer<Result> callback);

    /**
     * Runs a task and waits for its result; {@link Result.TimedOut} after {@code timeout}.
     *
     * @throws IllegalStateException on an event loop, which must never wait
     */
    Result await(Data data, TaskOptions options, Duration timeout);

    /** Sends to any open connection of the program. False if it is known to be closed or too much waits for it. */
    boolean send(long connectionId, Object message);

    /** Closes any connection of the program. */
    boolean close(long connectionId);

    /** Opens a connection of this process; its handlers run on the caller's slot. Returns at once. */
    Connection connect(Endpoint endpoint, Protocol protocol, Limits limits, ConnectionHandlers handlers);

    /** Runs something on the caller's slot, later, once or again and again; returns the timer's id in this process. */
    long schedule(Duration delay, boolean repeat, Runnable action);

    /** Stops a timer; false if there is none of that id any more. */
    boolean cancel(long timerId);

    /** Where the program listens, with the ports it got where the plan said 0 (in a child: as planned). */
    List<Endpoint> endpoints();

    Stats stats();

    /** Replaces all children one by one by new ones, which load the classes that are on disk then; returns at once. */
    void reload();

    /** Ends the whole program in order; returns at once. */
    void shutdown();
}
