package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.Dialer;
import dev.shunt.engine.slots.SlotContact;
import dev.shunt.engine.slots.SlotPool;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.log.Log;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Buffer;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.net.Protocol;
import dev.shunt.netty.MemoryBudget;
import dev.shunt.netty.Network;
import dev.shunt.netty.Spool;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Group;
import dev.shunt.plan.Hooks;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Settings;
import dev.shunt.plan.SlotHandler;
import dev.shunt.plan.TaskSpec;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.Submission;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import dev.shunt.time.Clock;
import dev.shunt.timer.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/**
 * Makes a manager's code warm by running it: beside the real program, one of its own with slots of the same kinds takes a
 * message from itself, runs a task for it, and answers. They share classes and nothing else, so no id, count or limit of
 * the real one is used up. What goes wrong here has no consequence but that the first message waits for classes.
 */
final class WarmUp implements AutoCloseable {

    private static final Logger LOG = Log.of(WarmUp.class);

    /** Programs that start wait no longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String COLD = "not warm when it starts to serve";
    private static final long MEMORY = 1 << 20;
    private static final Path NOWHERE = Path.of("nowhere");
    private static final String CONNECTIONS = "warm-connections";
    private static final String TASKS = "warm-tasks";

    private final Network network = Network.open("shunt-warm-up", 1, MemoryBudget.of(MEMORY));
    private final Timers timers = new Timers();
    private final ManagerParts parts;
    private final Shutdown shutdown;
    private final ManagerEngine engine;
    private final CompletableFuture<Data> answered = new CompletableFuture<>();
    private final Placement handlers;
    private final Optional<Placement> tasks;

    private WarmUp(Plan like, ApplicationProtocol protocol) {
        handlers = like.group(like.listeners().getFirst().group()).placement();
        tasks = like.taskGroups().stream().findFirst().map(Group::placement);
        var groups = new ArrayList<Group>();
        groups.add(group(CONNECTIONS, handlers, Optional.empty()));
        tasks.map(placement -> group(TASKS, placement, Optional.of(TaskSpec.of(Task::data))))
                .ifPresent(groups::add);
        var listener = new Listener(
                new Endpoint("tcp", "127.0.0.1", 0, "/"),
                protocol,
                Limits.DEFAULT,
                ListenOptions.DEFAULT,
                CONNECTIONS,
                new Answers());
        var plan = new Plan(groups, List.of(listener), Settings.DEFAULT.withLoops(1), new Hooks() {});
        parts = ManagerParts.of(plan, ports());
        shutdown = new Shutdown(parts);
        engine = new ManagerEngine(parts, shutdown);
    }

    /** Done when it is warm, or as warm as it gets; never fails. Takes a thread of its own. */
    static CompletableFuture<Void> like(Plan plan) {
        var warm = new CompletableFuture<Void>();
        Thread.ofPlatform().daemon().name("shunt-warm-up").start(() -> {
            try {
                plan.taskTypes().warmUp();
                for (var protocol : protocols(plan)) {
                    run(plan, protocol);
                }
            } catch (RuntimeException | LinkageError e) {
                LOG.debug(COLD, e);
            } finally {
                warm.complete(null);
            }
        });
        return warm;
    }

    /** One for all that cut a stream into messages: it is the program's own that is not called. Of HTTP there is no client. */
    private static Set<ApplicationProtocol> protocols(Plan plan) {
        return plan.listeners().stream()
                .<ApplicationProtocol>mapMulti((listener, protocols) -> {
                    switch (listener.protocol()) {
                        case ApplicationProtocol.Framing _ ->
                            protocols.accept(new ApplicationProtocol.Framing(Anything.INSTANCE));
                        case ApplicationProtocol.Http _ ->
                            protocols.accept(new ApplicationProtocol.Framing(Anything.INSTANCE));
                        case ApplicationProtocol.WebSocket webSocket -> protocols.accept(webSocket);
                        case ApplicationProtocol.Packets _ -> {} // no connection to warm up with
                    }
                })
                .collect(Collectors.toSet());
    }

    private static void run(Plan plan, ApplicationProtocol protocol) {
        try (var program = new WarmUp(plan, protocol)) {
            program.run(protocol);
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.debug(COLD, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(ApplicationProtocol protocol)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        parts.listeners().bind(Listeners.over(network));
        var main = parts.ports().main();
        var slots = new CompletableFuture<Void>();
        main.execute(() -> {
            var _ = parts.groups().start(engine).thenRun(() -> slots.complete(null));
        });
        slots.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        parts.listeners().accept();
        var itself = parts.listeners().endpoints().getFirst();
        Dialer.over(network).connect(main, itself, protocol, Limits.DEFAULT, Optional.empty(), new Asks());
        answered.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        shutdown.begin();
        try {
            shutdown.over().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            LOG.debug("what warmed up does not stop", e);
        } finally {
            network.close();
            timers.close();
        }
    }

    private ManagerPorts ports() {
        var children = new HashSet<String>();
        if (handlers == Placement.CHILDREN) {
            children.add(CONNECTIONS);
        }
        if (tasks.equals(Optional.of(Placement.CHILDREN))) {
            children.add(TASKS);
        }
        var fatal = new FatalErrors();
        return new ManagerPorts(
                List.of(network.loop(0)),
                new Still(Clock.system()),
                timers,
                new MemoryTaskLog(),
                Runnable::run,
                new PayloadFiles(NOWHERE),
                Spool.temporary(),
                Runnable::run,
                (group, slots) -> new SlotPool(group, slots, SlotContact.NONE, fatal),
                children,
                Dialer.over(network),
                MemoryBudget.of(MEMORY),
                network.loop(0),
                (_, _) -> false);
    }

    /** What is loaded here holds up no client, and no handler of the program is to be blamed for it in the log. */
    record Still(long nanoTime, long epochMillis) implements Clock {

        Still(Clock clock) {
            this(clock.nanoTime(), clock.epochMillis());
        }
    }

    private static Group group(String name, Placement like, Optional<TaskSpec> tasks) {
        var placement = like == Placement.CHILDREN ? Placement.IN_PROCESS : like;
        return new Group(name, placement, 1, 0, false, List.of(), tasks, SlotHandler.NONE, SlotHandler.NONE);
    }

    /** What stands for a handler of the program: it asks for a task as one may that runs where this does. */
    private final class Answers implements ConnectionHandlers {

        @Override
        public void received(Connection connection, Data message) {
            var task = Submission.untyped(message, TaskOptions.DEFAULT.slot(-1));
            if (parts.anyTasks().isEmpty()) {
                connection.send(message);
            } else if (handlers == Placement.EVENT_LOOP) {
                var _ = engine.start(task).result().thenAccept(_ -> connection.send(message));
            } else {
                engine.await(task, PATIENCE);
                connection.send(message);
            }
        }
    }

    /** The other end. */
    private final class Asks implements ConnectionHandlers {

        @Override
        public void connected(Connection connection) {
            connection.send("warm");
        }

        @Override
        public void received(Connection connection, Data message) {
            answered.complete(message);
            connection.close();
        }

        @Override
        public void failed(Connection connection, int code, String message) {
            answered.completeExceptionally(new IOException(message));
        }
    }

    /** Whatever has come is a message. */
    private enum Anything implements Protocol {
        INSTANCE;

        @Override
        public int input(Buffer buffer) {
            return buffer.length();
        }
    }
}
