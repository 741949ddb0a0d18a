package dev.shunt.benchmarks.load;

import dev.shunt.benchmarks.client.Dialogue;
import dev.shunt.benchmarks.client.Load;
import dev.shunt.benchmarks.jdk.JdkEcho;
import dev.shunt.benchmarks.jdk.JdkFire;
import dev.shunt.benchmarks.jdk.JdkHttp;
import dev.shunt.benchmarks.jdk.JdkTasks;
import dev.shunt.benchmarks.load.Case.Speech;
import dev.shunt.benchmarks.load.Contender.Ours;
import dev.shunt.benchmarks.load.Contender.Part;
import dev.shunt.benchmarks.netty.NettyBroadcast;
import dev.shunt.benchmarks.netty.NettyEcho;
import dev.shunt.benchmarks.netty.NettyHttp;
import dev.shunt.benchmarks.netty.NettySeedFront;
import dev.shunt.benchmarks.netty.NettySeedTaskServer;
import dev.shunt.benchmarks.netty.NettyWebSocket;
import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.shunt.BroadcastServer;
import dev.shunt.benchmarks.shunt.DurableServer;
import dev.shunt.benchmarks.shunt.EchoServer;
import dev.shunt.benchmarks.shunt.EchoWorker;
import dev.shunt.benchmarks.shunt.FireServer;
import dev.shunt.benchmarks.shunt.HttpServer;
import dev.shunt.benchmarks.shunt.HttpTaskServer;
import dev.shunt.benchmarks.shunt.HttpWorker;
import dev.shunt.benchmarks.shunt.Observed;
import dev.shunt.benchmarks.shunt.ReloadServer;
import dev.shunt.benchmarks.shunt.SeedFront;
import dev.shunt.benchmarks.shunt.SeedTaskServer;
import dev.shunt.benchmarks.shunt.TaskServer;
import dev.shunt.benchmarks.shunt.WebSocketServer;
import dev.shunt.benchmarks.vertx.VertxEcho;
import dev.shunt.benchmarks.vertx.VertxFire;
import dev.shunt.benchmarks.vertx.VertxHttp;
import dev.shunt.benchmarks.vertx.VertxHttpTasks;
import dev.shunt.benchmarks.vertx.VertxSeedFront;
import dev.shunt.benchmarks.vertx.VertxSeedTaskServer;
import dev.shunt.benchmarks.vertx.VertxTasks;
import dev.shunt.benchmarks.vertx.VertxWebSocket;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Sockets;
import dev.shunt.task.Durability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All scenarios, and who takes part in which. */
final class Scenarios {

    private static final String SHUNT = Contender.SHUNT;
    private static final String SHUNT_AOT = "shunt-aot";
    private static final String SHUNT_CHILDREN = "shunt-children";
    private static final String SHUNT_WORKER = "shunt-worker";
    private static final String SHUNT_SOCKETS = "shunt-sockets-in-child";
    private static final String SHUNT_IN_PROCESS = "shunt-in-process";
    private static final String SHUNT_EVENT_LOOP = "shunt-event-loop";
    private static final String NETTY = Contender.NETTY;
    private static final String VERTX = "vertx";
    private static final String VERTX_BUS = "vertx-bus";
    private static final String JDK = "jdk";

    private static final int BYTES = 64;
    private static final String TEXT = "x".repeat(BYTES);

    /** Without its line feed, which is one of the bytes. */
    private static final String LINE = "x".repeat(BYTES - 1);

    private static final int SLOTS = 4;
    private static final int WINDOW = 1_024;
    private static final int KIB = 1 << 10;
    private static final int LARGE = 1 << 20;

    private final Load load;

    Scenarios(Load load) {
        this.load = load;
    }

    List<Scenario> all() {
        return List.of(
                new Scenario("echo", "lines of 64 bytes, and back", this::echo),
                new Scenario("http", "a greeting for each request", this::http),
                new Scenario("http-task", "a request, a task, its result, the response", this::httpTask),
                new Scenario("upload", "requests with a body of 1 MiB", this::upload),
                new Scenario("websocket", "messages of 64 bytes, and back", this::websocket),
                new Scenario("broadcast", "a line of 1 KiB to all of 10,000 connections", this::broadcast),
                new Scenario("fire", "tasks from one event slot, with a window of them outstanding", this::fire),
                new Scenario("latency", "tasks from one event slot, one after the other", this::latency),
                new Scenario("end-to-end", "a line, a task, its result, a reply", this::endToEnd),
                new Scenario("seed", "a WebSocket message, a connection to a task server, a reply", this::seed),
                new Scenario("durable", "tasks that outlive the processes, as fire", this::durable),
                new Scenario("memory", "of all processes, after some tasks", this::memory),
                new Scenario("startup", "until it accepts; until a killed child has a successor", this::startup),
                new Scenario("fairness", "tasks that sleep, more than there are slots", this::fairness),
                new Scenario("reload", "new processes, while tasks run", this::reload));
    }

    private List<Case> echo(Effort effort) {
        return List.of(new Case(
                "echo",
                loadParameters(effort),
                Speech.LINES,
                List.of(
                        Ours.of(SHUNT, EchoServer.class),
                        Ours.of(SHUNT_WORKER, EchoWorker.class, "text"),
                        Ours.of(SHUNT_CHILDREN, EchoWorker.class, "text", Sockets.IN_MANAGER),
                        Ours.of(SHUNT_SOCKETS, EchoWorker.class, "text", Sockets.IN_CHILD),
                        Ours.of(NETTY, NettyEcho.class),
                        Ours.of(VERTX, VertxEcho.class),
                        Ours.of(JDK, JdkEcho.class)),
                Measurements.replies(load, Dialogue.Lines.of(LINE, LINE))));
    }

    private List<Case> http(Effort effort) {
        var parameters = loadParameters(effort);
        parameters.remove("bytes");
        return List.of(new Case(
                "http", parameters, Speech.HTTP, httpContenders(), Measurements.replies(load, Dialogue.Http.get())));
    }

    private static List<Contender> httpContenders() {
        return List.of(
                Ours.of(SHUNT, HttpServer.class),
                Ours.of(SHUNT_CHILDREN, HttpWorker.class),
                Ours.of(NETTY, NettyHttp.class),
                Ours.of(VERTX, VertxHttp.class),
                Ours.of(JDK, JdkHttp.class));
    }

    private List<Case> httpTask(Effort effort) {
        var parameters = loadParameters(effort);
        parameters.put("slots", SLOTS);
        return List.of(new Case(
                "http-task",
                parameters,
                Speech.HTTP,
                List.of(
                        Ours.of(SHUNT, HttpTaskServer.class, SLOTS, Placement.EVENT_LOOP),
                        Ours.of(SHUNT_CHILDREN, HttpTaskServer.class, SLOTS, Placement.CHILDREN),
                        Ours.of(VERTX, VertxHttpTasks.class, SLOTS, "BLOCKING"),
                        Ours.of(VERTX_BUS, VertxHttpTasks.class, SLOTS, "BUS"),
                        Ours.of(JDK, JdkHttp.class, SLOTS)),
                Measurements.replies(
                        load, Dialogue.Http.post(TEXT, Job.answer(TEXT)), Dialogue.Http.postWithAnyReply(TEXT))));
    }

    private List<Case> upload(Effort effort) {
        var parameters = loadParameters(effort);
        parameters.put("bytes", LARGE);
        String body = "x".repeat(LARGE);
        return List.of(new Case(
                "upload",
                parameters,
                Speech.HTTP,
                httpContenders(),
                Measurements.replies(
                        load,
                        Dialogue.Http.post(body, "got " + LARGE + " bytes"),
                        Dialogue.Http.postWithAnyReply(body))));
    }

    private List<Case> websocket(Effort effort) {
        return List.of(new Case(
                "websocket",
                loadParameters(effort),
                Speech.WEBSOCKET,
                List.of(
                        Ours.of(SHUNT, WebSocketServer.class),
                        Ours.of(SHUNT_WORKER, EchoWorker.class, "websocket"),
                        Ours.of(SHUNT_CHILDREN, EchoWorker.class, "websocket", Sockets.IN_MANAGER),
                        Ours.of(SHUNT_SOCKETS, EchoWorker.class, "websocket", Sockets.IN_CHILD),
                        Ours.of(NETTY, NettyWebSocket.class),
                        Ours.of(VERTX, VertxWebSocket.class)),
                Measurements.replies(load, Dialogue.WebSocket.of(TEXT, TEXT))));
    }

    private List<Case> broadcast(Effort effort) {
        int connections = effort.quick() ? 100 : 10_000;
        String line = "x".repeat(KIB - 1);
        return List.of(new Case(
                "broadcast",
                parameters("bytes", KIB, "connections", connections),
                Speech.OURS,
                List.of(
                        Ours.of(SHUNT, BroadcastServer.class, line, Placement.EVENT_LOOP),
                        Ours.of(SHUNT_CHILDREN, BroadcastServer.class, line, Placement.CHILDREN),
                        Ours.of(NETTY, NettyBroadcast.class, line)),
                Measurements.broadcast(connections, KIB)));
    }

    private List<Case> fire(Effort effort) {
        var cases = new ArrayList<Case>();
        for (int slots : effort.quick() ? List.of(2) : List.of(SLOTS, 2, 1)) {
            for (int bytes : effort.quick() ? List.of(BYTES) : List.of(BYTES, 1 << 10, 16 << 10, LARGE)) {
                cases.add(fire(slots, WINDOW, bytes));
            }
            if (!effort.quick()) {
                cases.add(fire(slots, 256, BYTES));
            }
        }
        return cases;
    }

    private static Case fire(int slots, int window, int bytes) {
        return new Case(
                "fire",
                parameters("bytes", bytes, "slots", slots, "window", window),
                Speech.OURS,
                fireContenders(slots),
                Measurements.fire(window, bytes));
    }

    private List<Case> latency(Effort effort) {
        return List.of(new Case(
                "latency",
                parameters("bytes", BYTES, "slots", SLOTS),
                Speech.OURS,
                fireContenders(SLOTS),
                Measurements.latency(BYTES)));
    }

    private static List<Contender> fireContenders(int slots) {
        return List.of(
                Ours.of(SHUNT, FireServer.class, slots),
                Ours.of(Contender.SHUNT_METRICS, FireServer.class, slots, Observed.METRICS),
                Ours.of(Contender.SHUNT_UNSAMPLED, FireServer.class, slots, Observed.UNSAMPLED),
                Ours.of(VERTX, VertxFire.class, slots, "BLOCKING"),
                Ours.of(VERTX_BUS, VertxFire.class, slots, "BUS"),
                Ours.of(JDK, JdkFire.class, slots));
    }

    private List<Case> endToEnd(Effort effort) {
        var parameters = loadParameters(effort);
        parameters.put("slots", SLOTS);
        return List.of(new Case(
                "end-to-end",
                parameters,
                Speech.LINES,
                taskContenders(SLOTS),
                Measurements.replies(
                        load, Dialogue.Lines.of(LINE, Job.answer(LINE)), Dialogue.Lines.withAnyReply(LINE))));
    }

    private static List<Contender> taskContenders(int slots) {
        return List.of(
                Ours.of(SHUNT, TaskServer.class, slots),
                Ours.of(Contender.SHUNT_METRICS, TaskServer.class, slots, Observed.METRICS),
                Ours.of(Contender.SHUNT_UNSAMPLED, TaskServer.class, slots, Observed.UNSAMPLED),
                Ours.of(VERTX, VertxTasks.class, slots, "BLOCKING"),
                Ours.of(VERTX_BUS, VertxTasks.class, slots, "BUS"),
                Ours.of(JDK, JdkTasks.class, slots));
    }

    private List<Case> seed(Effort effort) {
        return List.of(new Case(
                "seed",
                loadParameters(effort),
                Speech.WEBSOCKET,
                List.of(
                        shuntSeed(SHUNT, Placement.CHILDREN),
                        shuntSeed(SHUNT_IN_PROCESS, Placement.IN_PROCESS),
                        shuntSeed(SHUNT_EVENT_LOOP, Placement.EVENT_LOOP),
                        Ours.of(
                                SHUNT_SOCKETS,
                                Part.of(SeedTaskServer.class, Sockets.IN_CHILD),
                                Part.of(SeedFront.class, Sockets.IN_CHILD, Part.PORT_BEFORE)),
                        Ours.of(
                                NETTY,
                                Part.of(NettySeedTaskServer.class),
                                Part.of(NettySeedFront.class, Part.PORT_BEFORE)),
                        Ours.of(
                                VERTX,
                                Part.of(VertxSeedTaskServer.class),
                                Part.of(VertxSeedFront.class, Part.PORT_BEFORE))),
                Measurements.replies(
                        load, Dialogue.WebSocket.of(TEXT, Job.answer(TEXT)), Dialogue.WebSocket.withAnyReply(TEXT))));
    }

    private static Contender shuntSeed(String name, Placement placement) {
        return Ours.of(
                name, Part.of(SeedTaskServer.class, placement), Part.of(SeedFront.class, placement, Part.PORT_BEFORE));
    }

    private List<Case> durable(Effort effort) {
        return Stream.of(Durability.DISK, Durability.SYNC)
                .map(durability -> new Case(
                        "durable",
                        parameters("bytes", BYTES, "slots", SLOTS, "window", WINDOW, "durability", durability),
                        Speech.OURS,
                        List.of(Ours.of(SHUNT, DurableServer.class, SLOTS, durability, Part.DIRECTORY)),
                        Measurements.fire(WINDOW, BYTES)))
                .toList();
    }

    private List<Case> memory(Effort effort) {
        var few = new Case(
                "memory",
                parameters("slots", SLOTS),
                Speech.LINES,
                withAot(
                        effort,
                        Ours.of(SHUNT, TaskServer.class, SLOTS),
                        Ours.of(VERTX, VertxTasks.class, SLOTS, "BLOCKING"),
                        Ours.of(JDK, JdkTasks.class, SLOTS)),
                Measurements.memory());
        // Not the JDK's: it would be a hundred JVMs.
        var many = new Case(
                "memory",
                parameters("slots", 100),
                Speech.OURS,
                withAot(
                        effort,
                        Ours.of(SHUNT, TaskServer.class, 100),
                        Ours.of(VERTX, VertxTasks.class, 100, "BLOCKING")),
                Measurements.memory());
        return effort.quick() ? List.of(few) : List.of(few, many);
    }

    private List<Case> startup(Effort effort) {
        var until = new Case(
                "startup",
                parameters("until", "accepting"),
                Speech.LINES,
                withAot(
                        effort,
                        Ours.of(SHUNT, TaskServer.class, SLOTS),
                        Ours.of(NETTY, NettyEcho.class),
                        Ours.of(VERTX, VertxTasks.class, SLOTS, "BLOCKING"),
                        Ours.of(JDK, JdkTasks.class, SLOTS)),
                Measurements.startup());
        var again = new Case(
                "startup",
                parameters("until", "replaced"),
                Speech.OURS,
                withAot(effort, Ours.of(SHUNT, TaskServer.class, 1), Ours.of(JDK, JdkTasks.class, 1)),
                Measurements.replacement());
        return List.of(until, again);
    }

    /** The first of these once more, with an AOT cache; not in a quick run, which may have a class path of directories. */
    private static List<Contender> withAot(Effort effort, Ours... contenders) {
        var all = new ArrayList<Contender>(List.of(contenders));
        if (!effort.quick()) {
            all.add(1, new Ours(SHUNT_AOT, contenders[0].parts(), true));
        }
        return all;
    }

    private List<Case> fairness(Effort effort) {
        int slots = effort.quick() ? 4 : 20;
        var cases = new ArrayList<Case>();
        for (int tasks : effort.quick() ? List.of(4) : List.of(20, 100)) {
            cases.add(new Case(
                    "fairness",
                    parameters("slots", slots, "tasks", tasks),
                    Speech.OURS,
                    taskContenders(slots),
                    Measurements.fairness(tasks)));
        }
        return cases;
    }

    private List<Case> reload(Effort effort) {
        return List.of(new Case(
                "reload",
                parameters("bytes", BYTES, "slots", SLOTS),
                Speech.OURS,
                List.of(Ours.of(SHUNT, ReloadServer.class, SLOTS)),
                Measurements.reload(SLOTS, BYTES)));
    }

    private static Map<String, Object> loadParameters(Effort effort) {
        var parameters = parameters("bytes", BYTES, "connections", effort.connections());
        if (effort.perSecond() > 0) {
            parameters.put("rate", effort.perSecond());
        }
        return parameters;
    }

    private static Map<String, Object> parameters(Object... namesAndValues) {
        var parameters = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return parameters;
    }
}
