import dev.shunt.data.Data;
import dev.shunt.examples.Address;
import dev.shunt.examples.Json;
import dev.shunt.examples.Listen;
import dev.shunt.examples.OneAnswer;
import dev.shunt.examples.Options;
import dev.shunt.worker.AsyncTcpConnection;
import dev.shunt.worker.Worker;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Mixin Listen listen = new Listen("0.0.0.0", 8080);

@Option(names = "--task-server", paramLabel = "HOST:PORT", description = "where tasks go, default ${DEFAULT-VALUE}")
Address taskServer = new Address("127.0.0.1", 12345);

@Option(names = "--timeout", paramLabel = "SECONDS", converter = Options.Seconds.class, description = "default ${DEFAULT-VALUE}")
int timeout = 10;

static final String FAILED = "attività non riuscita: ";

record Task(String function, Object args) {}

record Mail(String from, String to, String contents) {}

void main(String[] args) {
    Options.read(this, args);
    var front = new Worker("websocket://" + listen);
    front.onMessage((client, message) -> {
        var task = new AsyncTcpConnection("Text://" + taskServer);
        var answer = new OneAnswer(client, task, timeout, FAILED + "nessuna risposta entro " + timeout + " s");
        task.send(taskData(message));
        task.onMessage((_, result) -> {
            IO.println(result);
            answer.give(outcome(result));
        });
        task.onError((_, _, reason) -> answer.give(FAILED + reason));
        task.onClose(_ -> answer.give(FAILED + "il server delle attività ha chiuso la connessione"));
        task.connect();
    });
    front.onClose(OneAnswer::clientLeft);
    Worker.runAll(args);
}

/** The message itself if it names a function, else a mail with it. */
Object taskData(Data message) {
    var json = Json.read(message);
    return json.path("function").isString() ? json : new Task("send_mail", new Mail("xxx", "xxx", message.text()));
}

String outcome(Data result) {
    var json = Json.read(result);
    boolean ok = json.path("ok").asBoolean(true);
    return ok ? "attività completata" : FAILED + json.path("error").asString("");
}
