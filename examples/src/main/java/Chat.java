import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.Shunt;
import dev.shunt.calls.Table;
import dev.shunt.data.Data;
import dev.shunt.data.TypeRef;
import dev.shunt.examples.Ledger;
import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.examples.Picture;
import dev.shunt.examples.Where;
import dev.shunt.http.HttpException;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.net.Connection;
import dev.shunt.net.ConnectionInfo;
import dev.shunt.plan.Placement;
import dev.shunt.postgres.PgBus;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.Durability;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Mixin Listen listen = new Listen("127.0.0.1", 8080);

@Option(
        names = "--placement",
        paramLabel = "PLACE",
        description =
                "where messages are handled: event-loop, slots or children; default ${DEFAULT-VALUE}")
Where placement = Where.event_loop;

@Option(
        names = "--data",
        paramLabel = "DIR",
        description =
                "where history, pictures and tasks are kept, made if missing; default a directory"
                        + " for this port among the temporary ones")
Path data;

@Option(
        names = "--bus",
        paramLabel = "URL",
        description =
                "a PostgreSQL database over which chats on several machines are one:"
                        + " jdbc:postgresql://host/db?user=...")
PgBus bus;

@Option(
        names = "--node",
        paramLabel = "NAME",
        description =
                "this one's name among those with the same --bus; default the host's and the program's")
String node;

static final int LAST = 50;
static final int MAX_NAME = 64;
static final int MAX_SHOWN = 100;
static final String ROOM = "room";

// What is sent to browsers.
record Said(String room, String from, String say) {}

record Joined(String joined, int members) {}

record Left(String left, int members) {}

record Who(List<String> who) {}

record Wrong(String error) {}

record Drawing(long picture, int percent) {}

record Drawn(String room, String from, String picture) {}

// Tasks.
record Remember(Said said, Instant at) {}

record Recall(String room) {}

record Draw(String what, long client) {}

/** Goes with a picture: who is to hear of its end. */
record Asked(long client, String room, String from) {}

Server server;
byte[] page;

/** Who has asked for which picture, for all processes. */
Table pictures;

void main(String[] args) throws IOException {
    var runDirectory = Options.read(this, args);
    if (node != null && bus == null) {
        Options.wrong(this, "--node " + node + " is a name on a bus; give its --bus too");
    }
    if (data == null) {
        data = Path.of(System.getProperty("java.io.tmpdir"), "shunt-chat-" + listen.port);
    }
    Files.createDirectories(data.resolve("pictures"));
    try (var in = getClass().getResourceAsStream("/chat.html")) {
        page = in.readAllBytes();
    }
    server = new Server(listen.host, listen.port);
    pictures = server.table("pictures");
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    server.set(settings -> {
        settings.placement(placement.placement)
                .taskWorkerNum(4)
                .taskProcesses(2)
                .taskLog(SqliteTaskLog.at(data.resolve("tasks.db")));
        if (bus != null) {
            settings.bus(node == null ? bus : bus.name(node));
        }
        if (placement.placement != Placement.EVENT_LOOP) {
            settings.workerNum(8);
        }
        if (placement.placement == Placement.CHILDREN) {
            settings.workerProcesses(2);
        }
    });

    // In task worker processes.
    server.handle(Remember.class, this::remember);
    server.answer(Recall.class, this::recall);
    server.answer(Draw.class, this::draw);

    // Where --placement says.
    server.onFinish(this::finished);
    server.onTaskFailed(this::failed);
    server.onRequest(this::request);
    server.onHandshake((request, handshake) -> {
        if (!request.path().equals("/ws")) {
            handshake.refuse(404, "no WebSocket but at /ws");
        } else if (!isName(name(request)) || !isName(room(request))) {
            handshake.refuse(400, "say who you are: /ws?name=N&room=R");
        }
    });
    server.onOpen((client, request) -> {
        server.bindUid(client.id(), name(request));
        join(client, room(request));
    });
    server.onMessage(this::message);
    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    Shunt.command(args, server::start);
}

void request(Request request, Response response) {
    var words = request.path().split("/", 3);
    switch (request.method() + " /" + (words.length < 2 ? "*" : words[1])) {
        case "GET /", "HEAD /" ->
                response.header("Content-Type", "text/html; charset=utf-8").end(page);
        case "GET /stats" -> stats(response);
        case "GET /history" -> server.answerWith(response, new Recall(room(request)));
        case "GET /pictures" -> picture(words, response);
        case "POST /rooms" ->
                sent(response, server.sendToGroup(name(words), request.body().text()));
        case "POST /users" -> sent(response, server.sendToUid(name(words), request.body().text()));
        case "POST /all" ->
                sent(
                        response,
                        server.sendToAll(
                                request.body().text(),
                                request.query("except")
                                        .filter(this::isName)
                                        .map(server::getClientIdByUid)
                                        .orElse(List.of())));
        default ->
                throw new HttpException(
                        404, "there is no " + request.method() + " " + request.path());
    }
}

void stats(Response response) {
    var stats = new LinkedHashMap<String, Object>();
    stats.put("connections", server.getAllClientIdCount());
    stats.put("rooms", server.groups());
    stats.put("users", server.getAllUidCount());
    if (bus != null) {
        stats.put("bus", server.stats().bus());
    }
    response.json(stats);
}

void sent(Response response, int count) {
    response.json(Map.of("sent", count));
}

String name(String[] words) {
    if (words.length < 3 || !isName(words[2])) {
        throw new HttpException(
                400,
                "a name is needed behind /" + words[1] + "/, of 1 to " + MAX_NAME + " characters");
    }
    return words[2];
}

boolean isName(String text) {
    return !text.isBlank() && text.length() <= MAX_NAME;
}

String name(Request request) {
    return request.query("name").orElse("");
}

String room(Request request) {
    return request.query(ROOM).orElse("lobby");
}

void message(Connection client, Data text) {
    var wanted = object(text);
    if (wanted.get("say") instanceof String say && wanted.get("to") instanceof String name) {
        tell(client, name, say);
    } else if (wanted.get("say") instanceof String say && isToRoom(wanted)) {
        say(client, wanted.get(ROOM) instanceof String room ? room : current(client), say);
    } else if (wanted.get("join") instanceof String room && isName(room)) {
        join(client, room);
    } else if (wanted.get("leave") instanceof String room && isName(room)) {
        leave(client, room);
    } else if (Boolean.TRUE.equals(wanted.get("who"))) {
        client.send(new Who(server.getUidListByGroup(current(client))));
    } else if (wanted.get("picture") instanceof String what) {
        begin(client, what);
    } else if (wanted.get("cancel") instanceof Number id) {
        cancel(client, id.longValue());
    } else {
        client.send(
                new Wrong(
                        "a message is an object of JSON such as {\"say\":\"hello\"}; nobody knows "
                                + start(text.text())));
    }
}

/** An empty one if it is none that can be read. */
Map<String, Object> object(Data text) {
    try {
        return Objects.requireNonNullElse(text.as(new TypeRef<Map<String, Object>>() {}), Map.of());
    } catch (IllegalArgumentException e) {
        return Map.of();
    }
}

/** What is meant for one user must not become public because the name is none. */
boolean isToRoom(Map<String, Object> wanted) {
    Object room = wanted.get(ROOM);
    return !wanted.containsKey("to") && (room == null || room instanceof String);
}

/** Enough of it to be known again. */
String start(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + " …";
}

String from(Connection client) {
    return server.getUidByClientId(client.id()).orElse("");
}

/** The room that somebody has joined last; the manager knows, whatever becomes of this process. */
String current(Connection client) {
    var session = server.getSession(client.id()).orElse(Map.of());
    return session.containsKey(ROOM) ? session.get(ROOM).text() : "lobby";
}

void join(Connection client, String room) {
    server.joinGroup(client.id(), room);
    server.updateSession(client.id(), Map.of(ROOM, room));
    client.send(new Joined(room, server.getClientIdCountByGroup(room)));
}

void leave(Connection client, String room) {
    server.leaveGroup(client.id(), room);
    var others = server.info(client.id()).map(ConnectionInfo::groups).orElse(List.of());
    if (current(client).equals(room) && !others.isEmpty()) {
        server.updateSession(client.id(), Map.of(ROOM, others.getLast()));
    }
    client.send(new Left(room, server.getClientIdCountByGroup(room)));
}

void say(Connection client, String room, String say) {
    if (!server.info(client.id()).map(ConnectionInfo::groups).orElse(List.of()).contains(room)) {
        client.send(new Wrong("you are not in " + start(room) + "; join it first"));
        return;
    }
    var said = new Said(room, from(client), say);
    server.sendToGroup(room, said);
    server.task(
            new Remember(said, Instant.now()),
            TaskOptions.DEFAULT
                    .durability(Durability.DISK)
                    .orderingKey(room)
                    .retries(100)
                    .backoff(Duration.ofSeconds(1)));
}

/** To one user, on all devices, and to nobody else; who is on other machines is not known here. */
void tell(Connection client, String name, String say) {
    if (!isName(name)
            || (server.sendToUid(name, new Said(null, from(client), say)) == 0 && bus == null)) {
        client.send(new Wrong(start(name) + " is not here"));
    }
}

/**
 * Who asked is told by the task itself how far it is, and of its end wherever this process is then.
 */
void begin(Connection client, String what) {
    var asked = new Asked(client.id(), current(client), from(client));
    long id =
            server.task(new Draw(what, client.id()), TaskOptions.DEFAULT.retries(2).context(asked));
    pictures.put(Long.toString(id), asked.from(), Duration.ofHours(1));
    client.send(new Drawing(id, 0));
}

/** Of whichever process asked: the program knows its tasks. */
void cancel(Connection client, long id) {
    var owner = pictures.get(Long.toString(id)).map(Data::text);
    if (owner.equals(Optional.of(from(client)))) {
        var _ =
                server.control()
                        .cancel(id)
                        .exceptionally(_ -> {
                            client.send(noPicture(id)); // it has ended meanwhile
                            return null;
                        });
    } else {
        client.send(noPicture(id));
    }
}

Wrong noPicture(long id) {
    return new Wrong("there is no picture " + id + " of yours in the making");
}

void finished(Result.Done done) {
    if (done.context().bytes().length > 0) { // what is remembered has none
        var asked = done.context().as(Asked.class);
        pictures.remove(Long.toString(done.taskId()));
        server.sendToGroup(asked.room(), new Drawn(asked.room(), asked.from(), done.data().text()));
    }
}

void failed(Result result) {
    if (result.context().bytes().length == 0) {
        System.err.println("not remembered: " + result);
        return;
    }
    pictures.remove(Long.toString(result.taskId()));
    server.send(
            result.context().as(Asked.class).client(),
            new Wrong(
                    "picture "
                            + result.taskId()
                            + (result instanceof Result.Cancelled
                                    ? " is cancelled"
                                    : " did not become one: " + result)));
}

void picture(String[] words, Response response) {
    if (words.length < 3 || !words[2].matches("\\d+\\.png")) {
        throw new HttpException(404, "there is no such picture");
    }
    response.header("Content-Type", "image/png").file(data.resolve("pictures").resolve(words[2]));
}

/**
 * Once for each message, in their order, even if this process is killed: one that is written twice
 * has one id.
 */
void remember(Remember wanted, Task task) throws IOException, NoSuchAlgorithmException {
    var line = Map.of("id", task.id(), "at", wanted.at().toString(), "said", wanted.said());
    Ledger.at(history(wanted.said().room()).toString()).append(Data.of(line).text());
}

/** A room may be called anything, and a file may not. */
Path history(String room) throws NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(room.getBytes(UTF_8));
    return data.resolve("room-" + HexFormat.of().formatHex(hash) + ".jsonl");
}

record Remembered(long id, String at, Said said) {}

List<Remembered> recall(Recall wanted, Task task) throws IOException, NoSuchAlgorithmException {
    var file = history(wanted.room());
    if (!Files.exists(file)) {
        return List.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
        var all = lines.map(line -> Data.of(line).as(Remembered.class)).toList();
        var once =
                all.stream()
                        .collect(
                                Collectors.toMap(
                                        Remembered::id,
                                        line -> line,
                                        (first, _) -> first,
                                        LinkedHashMap::new));
        return once.values().stream().skip(Math.max(0, once.size() - LAST)).toList();
    }
}

/** Takes a while, says how far it is, and stops when it is cancelled. */
String draw(Draw wanted, Task task) throws Exception {
    var file = data.resolve("pictures").resolve(task.id() + ".png");
    Picture.of(
            wanted.what(),
            file,
            percent -> {
                task.progress(percent);
                server.send(wanted.client(), new Drawing(task.id(), percent));
            });
    return "/pictures/" + file.getFileName();
}
