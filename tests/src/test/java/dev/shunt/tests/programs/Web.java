package dev.shunt.tests.programs;

import dev.shunt.calls.WebDeclarations;
import dev.shunt.http.ClientGoneException;
import dev.shunt.http.ControlFrame;
import dev.shunt.http.Cookie;
import dev.shunt.http.HttpException;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.http.ServerSentEvent;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import dev.shunt.testing.Gate;
import dev.shunt.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The same program of HTTP in both faces: the path of a request says what its handler does. */
public final class Web {

    private record Mail(String to, int copies) {}

    private final Options options;
    private final AnyFace face;

    private Web(Options options, AnyFace face) {
        this.options = options;
        this.face = face;
    }

    static void main(String[] args) {
        var options = Options.of(args);
        if (options.text("face", "worker").equals("server")) {
            runServer(options);
        } else {
            runWorkers(options);
        }
        IO.println("start returned");
    }

    private static void runServer(Options options) {
        var server = new Server("127.0.0.1", options.number("port", 0));
        var program = new Web(options, AnyFace.of(server));
        server.set(settings -> settings.protocol(settings(options))
                .placement(options.placement("placement", Placement.CHILDREN))
                .workerNum(options.number("count", 4))
                .virtualWorkers(options.flag("virtual"))
                .workerJvmOptions("-Xmx64m")
                .messageTimeout(Duration.ofMillis(options.number("message-millis", 60_000)))
                .packageMaxLength(options.number("longest", 1 << 20))
                .taskWorkerNum(2)
                .maxQueuedTasks(options.number("queue", 100))
                .inProcess(options.flag("in-process")));
        if (options.number("limit-millis", 0) > 0) {
            var limit = Duration.ofMillis(options.number("limit-millis", 0));
            server.set(settings -> settings.maxRequestExecutionTime(limit).maxWaitTime(Duration.ofSeconds(1)));
        }
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        program.declare(server);
        server.onMessage((connection, data) -> connection.send(answer(data.text())));
        server.onClose(connection -> IO.println("closed " + connection.id() + " " + connection.closeCode()));
        server.onTask(program::task);
        server.onFinish(result ->
                program.finished(result.data().text(), result.context().text()));
        server.start();
    }

    private static void runWorkers(Options options) {
        Worker.protocol("web", settings(options));
        var tasks = new Worker().name("tasks").count(2);
        var worker = new Worker("web://127.0.0.1:" + options.number("port", 0));
        var program = new Web(options, AnyFace.of(tasks));
        worker.placement(options.placement("placement", Placement.CHILDREN))
                .sockets(options.sockets())
                .count(options.number("count", 4))
                .virtual(options.flag("virtual"))
                .maxPackageSize(options.number("longest", 1 << 20))
                .jvmOptions("-Xmx64m");
        program.declare(worker);
        worker.onMessage((connection, data) -> connection.send(answer(data.text())));
        worker.onClose(connection -> IO.println("closed " + connection.id() + " " + connection.closeCode()));
        tasks.onTask(program::task);
        tasks.onFinish(result ->
                program.finished(result.data().text(), result.context().text()));
        Worker.runAll();
    }

    private static HttpProtocol settings(Options options) {
        return HttpProtocol.DEFAULT
                .withKeepAlive(Duration.ofMillis(options.number("keep-alive-millis", 60_000)))
                .withAnswerTimeout(Duration.ofMillis(options.number("answer-millis", 30_000)))
                .withMaxRequests(options.number("requests", 1_000))
                .withMaxBody(options.number("largest", 0))
                .withStreaming("/streamed/*")
                .withTrustedProxies("127.0.0.1");
    }

    private void declare(WebDeclarations<?> declarations) {
        declarations.onRequest(this::request);
        declarations.onHandshake((request, handshake) -> {
            IO.println("handshake " + request.path());
            if (request.path().equals("/moved")) {
                handshake.redirect("/login");
            } else if (!request.query("token").orElse("").equals("secret")) {
                throw new HttpException(401, "who is there?");
            }
            handshake.header("X-Room", request.path());
            if (request.header("sec-websocket-protocol").isPresent()) {
                handshake.subprotocol("chat.v2");
            }
        });
        declarations.onPing((connection, data) -> connection.send("ping " + data.text()));
        declarations.onPong((connection, data) -> connection.send("pong " + data.text()));
        declarations.onOpen((connection, request) -> connection.send("open " + request.path()));
    }

    private static Object answer(String text) {
        return text.equals("ping me") ? ControlFrame.ping("you") : "heard " + text;
    }

    private void request(Request request, Response response) throws IOException, InterruptedException {
        IO.println("request " + request.method() + " " + request.path());
        switch (request.path()) {
            case "/hello" -> response.end("Hello World");
            case "/bytes" -> response.end(request.body().bytes());
            case "/describe" -> response.json(described(request));
            case "/mail" -> response.json(request.json(Mail.class));
            case "/form" -> response.json(request.form());
            case "/where" -> response.end(face.where());
            case "/large" ->
                response.end("x".repeat(Integer.parseInt(request.query("bytes").orElseThrow())));
            case "/headers" ->
                response.status(201)
                        .header("X-One", "1")
                        .cookie(new Cookie("id", "a1")
                                .withMaxAge(Duration.ofHours(1))
                                .withSecure(true))
                        .end(new byte[] {1, 2, 3});
            case "/injected" -> response.header("X-One", "1\r\nX-Two: 2").end("no");
            case "/redirect" -> response.redirect("/hello");
            case "/none" -> response.status(204).end();
            case "/reason" ->
                response.status(404, "Gone: fishing").header("X-One", "1").end();
            case "/throw" -> throw new IllegalStateException("the text of the exception");
            case "/refuse" -> throw new HttpException(418, "a teapot");
            case "/stats" -> response.json(face.stats().get().connections());
            case "/last" -> response.header("Connection", "close").end("last");
            case "/gate" -> response.end(Gate.pass(options.number("gate", 0), face.where()));
            default -> later(request, response);
        }
    }

    private void later(Request request, Response response) throws IOException, InterruptedException {
        switch (request.path()) {
            case "/never" -> {}
            case "/wait" -> new CountDownLatch(1).await();
            case "/go-on" -> goOn();
            case "/late" -> face.program().after(Duration.ofSeconds(8), () -> print(() -> response.end("late")));
            case "/after" -> face.program().after(Duration.ofMillis(20), () -> response.end("after"));
            case "/thread" -> Thread.startVirtualThread(() -> response.end("thread"));
            case "/task" -> face.tasks().task("answer " + response.id());
            case "/ask" ->
                face.tasks().answerWith(response, request.queryString().replace('+', ' '));
            case "/finish" ->
                face.tasks().task("work " + request.queryString(), TaskOptions.DEFAULT.context(response.id()));
            case "/twice" -> {
                response.end("once");
                print(() -> response.end("twice"));
            }
            case "/twice-elsewhere" -> {
                long id = response.id();
                face.program().respond(id, "once");
                print(() -> face.program().respond(id, "twice"));
                print(() -> response.end("thrice"));
            }
            case "/exit" -> System.exit(3);
            case "/shutdown" -> {
                face.shutdown().run();
                response.end("stopping");
            }
            case "/echo" -> {
                if (request.bodyFile().isPresent()) {
                    response.file(request.bodyFile().get());
                } else {
                    response.end(request.body());
                }
            }
            case "/upload" -> response.json(uploaded(request));
            default -> stream(request, response);
        }
    }

    /** Until its process is ended, whoever interrupts it. */
    private static void goOn() {
        while (true) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            if (Thread.interrupted()) {
                IO.println("interrupted, and goes on");
            }
        }
    }

    private void stream(Request request, Response response) throws IOException {
        switch (request.path()) {
            case "/pieces" -> {
                response.header("X-Pieces", "3");
                response.write("one ");
                response.write("two ");
                response.end("three");
            }
            case "/counted" -> {
                response.header("Content-Length", "6").write("one");
                response.end("two");
            }
            case "/trailers" -> {
                response.write("body");
                response.trailer("X-Sum", "4").end();
            }
            case "/events" -> {
                response.event("progress", "1\n2");
                face.program().after(Duration.ofMillis(20), () -> {
                    response.event(new ServerSentEvent("done", Map.of("ok", true)).withId("7"));
                    response.end();
                });
            }
            case "/flood" -> flood(request, response);
            case "/half-and-exit" -> {
                response.write("half");
                System.exit(3);
            }
            case "/half-then-throw" -> {
                response.write("half");
                throw new IllegalStateException("half way");
            }
            case "/streamed/echo" -> echo(request, response);
            case "/streamed/body" -> response.end(request.body());
            case "/streamed/form" -> response.json(uploaded(request));
            case "/streamed/refuse" -> throw new HttpException(403, "not you");
            case "/streamed/exit" -> {
                request.stream().read();
                System.exit(3);
            }
            case "/file" -> response.file(Path.of(request.query("path").orElseThrow()));
            default -> response.status(404).end("no " + request.path());
        }
    }

    /** While it comes. */
    private static void echo(Request request, Response response) throws IOException {
        try {
            request.stream().transferTo(response.stream());
            response.end();
        } catch (ClientGoneException e) {
            IO.println("echo: " + e.getMessage());
            throw e;
        }
    }

    private static void print(BooleanSupplier second) {
        try {
            IO.println(second.getAsBoolean() ? "a second answer was taken" : "refused: the client is gone");
        } catch (IllegalStateException e) {
            IO.println("refused: " + e.getMessage());
        }
    }

    /** As much as it is asked for; on an event loop as much as is taken. */
    private static void flood(Request request, Response response) {
        long bytes = Long.parseLong(request.query("bytes").orElseThrow());
        var piece = new byte[64 << 10];
        long sent = 0;
        while (sent < bytes && response.write(piece)) {
            sent += piece.length;
        }
        IO.println("flooded " + sent);
        response.end();
    }

    private static Map<String, Object> uploaded(Request request) throws IOException {
        var file = request.file("file").orElseThrow(() -> new HttpException(400, "no field 'file'"));
        return Map.of(
                "name", file.fileName(),
                "size", file.size(),
                "type", file.contentType(),
                "disk", file.file().map(Path::toString).orElse(""),
                "first", file.stream().read(),
                "form", request.form());
    }

    private Object task(Task task) throws IOException {
        var command = Command.of(task.data().text());
        if (command.verb().equals("gate")) {
            return Gate.pass(options.number("gate", 0), "task");
        }
        if (command.verb().equals("fail")) {
            throw new IllegalStateException("deliberately");
        }
        if (command.verb().equals("answer")) {
            face.program().respond(Long.parseLong(command.rest()), "from a task, " + face.where());
            return "";
        }
        return "done " + command.rest();
    }

    private void finished(String result, String context) {
        if (!context.isEmpty()) {
            face.program()
                    .response(Long.parseLong(context))
                    .header("X-Finish", "1")
                    .end(result);
        }
    }

    private static Map<String, Object> described(Request request) {
        return Map.of(
                "method", request.method(),
                "uri", request.uri(),
                "path", request.path(),
                "query", request.query(),
                "headers", request.headers(),
                "cookies", request.cookies(),
                "ip", request.remoteIp(),
                "protocol", request.protocol(),
                "body", request.body().text());
    }
}
