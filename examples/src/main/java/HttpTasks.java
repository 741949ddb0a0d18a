import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shunt.Shunt;
import dev.shunt.examples.ConsoleOptions;
import dev.shunt.examples.Listen;
import dev.shunt.examples.MetricsOptions;
import dev.shunt.examples.Options;
import dev.shunt.examples.Where;
import dev.shunt.http.HttpException;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.net.Tls;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Mixin Listen listen = new Listen("127.0.0.1", 8080);

@Mixin ConsoleOptions console = new ConsoleOptions();

@Mixin MetricsOptions metrics = new MetricsOptions();

@Option(
        names = "--tls",
        paramLabel = "FILE",
        arity = "2",
        description = "certificate and key in PEM, for https; SIGUSR1 reads them again")
Path[] tls = {};

@Option(
        names = "--placement",
        paramLabel = "PLACE",
        description =
                "where requests are handled: event-loop, slots or children; default ${DEFAULT-VALUE}")
Where placement = Where.event_loop;

@Option(
        names = "--trusted-proxy",
        paramLabel = "ADDR",
        description = "whose Forwarded and X-Forwarded-For count; may be given several times")
List<String> trustedProxies = new ArrayList<>();

static final long MAX_BYTES = 4L << 30;
static final String SECRET = "secret";

/** As a client sends it: texts, if all is well. */
record Mail(Object to, Object contents) {}

record SendMail(long request, String to, String contents) {}

record Sleep(double seconds) {}

record Count(int steps) {}

record Hash(String file, String name) {}

record Hashed(String name, long size, String sha256) {}

record MakeFile(long bytes) {}

record Sent(boolean ok, String to) {}

record WhoAmI(
        String ip,
        String path,
        String query,
        Map<String, String> headers,
        Map<String, String> cookies) {}

Server server;

void main(String[] args) {
    var runDirectory = Options.read(this, args);
    server = new Server(listen.host, listen.port);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    server.set(console::set);
    server.set(metrics::set);
    server.set(settings -> {
        settings.protocol(
                HttpProtocol.DEFAULT
                        .withMaxBody(MAX_BYTES)
                        .withStreaming("/echo")
                        .withTrustedProxies(trustedProxies.toArray(String[]::new)));
        settings.placement(placement.placement).taskWorkerNum(16).taskProcesses(2);
        if (placement != Where.event_loop) { // an echo waits for its client on its slot
            settings.workerNum(1_024).virtualWorkers(true);
        }
        if (tls.length > 0) {
            settings.ssl(Tls.server(tls[0], tls[1]));
        }
    });

    // In task worker processes.
    server.handle(SendMail.class, this::send);
    server.handle(Sleep.class, this::sleep);
    server.handle(Count.class, this::count);
    server.answer(Hash.class, this::hash);
    server.answer(MakeFile.class, this::make);

    // Where --placement says.
    server.onRequest(this::request);
    server.onFinish(done -> {
        if (!done.data().isEmpty()
                && !done.context().isEmpty()) { // else the task worker has answered
            server.response(done.context().as(Long.class))
                    .json(Map.of("slept", done.data().as(Double.class)));
        }
    });
    server.onTaskFailed(this::failed);
    server.onHandshake((request, handshake) -> {
        if (room(request).isEmpty()) {
            handshake.refuse(404, "no WebSocket but at /chat/ROOM");
        } else if (!request.query("token").orElse("").equals(SECRET)) {
            handshake.refuse(401, "who is there?");
        }
    });
    server.onOpen((client, request) -> server.joinGroup(client.id(), room(request)));
    server.onMessage((client, text) -> {
        for (String room : server.info(client.id()).orElseThrow().groups()) {
            server.sendToGroup(room, text);
        }
    });
    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    server.onShutdown(this::removeFiles);
    Shunt.command(args, server::start);
}

void request(Request request, Response response) throws IOException {
    switch (request.method() + " " + request.path()) {
        case "GET /hello", "HEAD /hello" -> response.end("Hello World");
        case "POST /mail" ->
                server.task(mail(request, response), TaskOptions.DEFAULT.context(response.id()));
        case "GET /sleep" ->
                server.task(
                        new Sleep(number(request, "seconds", 0.2, 60)),
                        TaskOptions.DEFAULT.context(response.id()));
        case "GET /progress" -> progress((int) whole(request, "steps", 5, 1_000), response);
        case "POST /upload" -> upload(request, response);
        case "POST /echo" -> echo(request, response);
        case "GET /file", "HEAD /file" ->
                file(whole(request, "bytes", 1 << 20, MAX_BYTES), response);
        case "GET /whoami" ->
                response.json(
                        new WhoAmI(
                                request.remoteIp(),
                                request.path(),
                                request.queryString(),
                                request.headers(),
                                request.cookies()));
        default -> chat(request, response);
    }
}

void chat(Request request, Response response) {
    String room = room(request);
    if (room.isEmpty()) {
        throw new HttpException(404, "there is no " + request.method() + " " + request.path());
    }
    if (!request.method().equals("POST")) {
        response.status(426)
                .header("Upgrade", "websocket")
                .end("a chat is a WebSocket: ask for an upgrade, with ?token=...\n");
        return;
    }
    response.json(Map.of("sent", server.sendToGroup(room, request.body().text())));
}

String room(Request request) {
    String path = request.path();
    return path.startsWith("/chat/") ? path.substring("/chat/".length()) : "";
}

SendMail mail(Request request, Response response) {
    var mail = request.json(Mail.class);
    if (mail != null
            && mail.to() instanceof String to
            && !to.isBlank()
            && (mail.contents() == null || mail.contents() instanceof String)) {
        return new SendMail(response.id(), to, Objects.toString(mail.contents(), ""));
    }
    throw new HttpException(400, "a mail has a \"to\" and \"contents\", which are texts");
}

double number(Request request, String name, double otherwise, double max) {
    try {
        double value = request.query(name).map(Double::parseDouble).orElse(otherwise);
        if (value >= 0 && value <= max) {
            return value;
        }
    } catch (NumberFormatException _) {
        // said below
    }
    throw new HttpException(400, name + " is a number from 0 to " + (long) max);
}

long whole(Request request, String name, long otherwise, long max) {
    double value = number(request, name, (double) otherwise, (double) max);
    if (value != Math.rint(value)) {
        throw new HttpException(400, name + " is a whole number from 0 to " + max);
    }
    return (long) value;
}

/** What the task says is sent as it happens; of what comes at once only the latest is heard. */
void progress(int steps, Response response) {
    var task = server.submit(new Count(steps));
    var sent = new AtomicInteger();
    task.progress(step -> tell(response, sent, step.as(Integer.class)));
    var _ =
            task.result()
                    .thenAccept(result -> {
                        boolean all = result instanceof Result.Done;
                        if (all) {
                            tell(response, sent, steps);
                        }
                        response.event(
                                all ? "done" : "failed",
                                all ? "all " + steps : result.getClass().getSimpleName());
                        response.end();
                    });
}

void tell(Response response, AtomicInteger sent, int upTo) {
    while (sent.get() < upTo) {
        response.event("progress", Integer.toString(sent.incrementAndGet()));
    }
}

/** The file outlives its request: the task takes it away. */
void upload(Request request, Response response) throws IOException {
    var file =
            request.file("file")
                    .orElseThrow(() -> new HttpException(400, "the form has no field 'file'"));
    var kept = Files.createTempFile("http-tasks-upload-", "");
    file.moveTo(kept);
    server.answerWith(response, new Hash(kept.toString(), file.fileName()));
}

/** Sends the body back while it comes: the handler may wait, wherever handlers run. */
void echo(Request request, Response response) throws IOException {
    request.header("content-type").ifPresent(type -> response.header("Content-Type", type));
    if (request.length() >= 0) {
        response.header("Content-Length", Long.toString(request.length()));
    }
    request.stream().transferTo(response.stream());
    response.end();
}

void file(long bytes, Response response) {
    var _ =
            server.submit(new MakeFile(bytes))
                    .result()
                    .thenAccept(result -> {
                        if (result instanceof Result.Done done) {
                            response.file(Path.of(done.data().text()));
                        } else {
                            response.status(500).end("no file: " + result);
                        }
                    });
}

/** Its worker threw, or was killed; the client does not wait for nothing. */
void failed(Result result) {
    if (result.context().isEmpty()) {
        return; // asked for by a handle that is gone with its process, as its request is
    }
    try {
        server.response(result.context().as(Long.class))
                .status(502)
                .end("the task has no result: " + result.getClass().getSimpleName() + "\n");
    } catch (IllegalStateException _) {
        // it had answered before that
    }
}

void send(SendMail mail, Task task) {
    server.response(mail.request()).json(new Sent(true, mail.to()));
}

void sleep(Sleep wanted, Task task) {
    rest(wanted.seconds());
    task.finish(wanted.seconds());
}

void count(Count wanted, Task task) {
    for (int step = 1; step <= wanted.steps(); step++) {
        rest(0.2);
        task.progress(step);
    }
}

Hashed hash(Hash wanted, Task task) throws Exception {
    var file = Path.of(wanted.file());
    var digest = MessageDigest.getInstance("SHA-256");
    long size;
    try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
        size = in.transferTo(OutputStream.nullOutputStream());
    } finally {
        Files.deleteIfExists(file);
    }
    return new Hashed(wanted.name(), size, HexFormat.of().formatHex(digest.digest()));
}

/** Where files that were asked for are, as long as the server runs. */
Path files(ProcessHandle manager) {
    return Path.of(System.getProperty("java.io.tmpdir"), "http-tasks-" + manager.pid());
}

void removeFiles() {
    var directory = files(ProcessHandle.current());
    try (var all = Files.exists(directory) ? Files.list(directory) : Stream.<Path>empty()) {
        for (var file : all.toList()) {
            Files.delete(file);
        }
        Files.deleteIfExists(directory);
    } catch (IOException e) {
        System.err.println("files stay in " + directory + ": " + e);
    }
}

/** One for each size, made once. */
String make(MakeFile wanted, Task task) throws IOException {
    var directory = Files.createDirectories(files(ProcessHandle.current().parent().orElseThrow()));
    var file = directory.resolve(wanted.bytes() + ".txt");
    if (!Files.exists(file)) {
        var made = Files.createTempFile(directory, "made-", "");
        byte[] digits = "0123456789".repeat(6_400).getBytes(US_ASCII);
        try (var out = Files.newOutputStream(made)) {
            for (long left = wanted.bytes(); left > 0; left -= digits.length) {
                out.write(digits, 0, (int) Math.min(left, digits.length));
            }
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return file.toString();
}

/** Stands for work that takes its time. */
void rest(double seconds) {
    LockSupport.parkNanos((long) (seconds * TimeUnit.SECONDS.toNanos(1)));
}
