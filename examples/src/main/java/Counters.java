import dev.shunt.Shunt;
import dev.shunt.calls.Table;
import dev.shunt.data.Data;
import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.net.Connection;
import dev.shunt.plan.Placement;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Mixin Listen listen = new Listen("127.0.0.1", 9503);

@Option(
        names = "--processes",
        paramLabel = "N",
        description = "child processes that handle connections, default ${DEFAULT-VALUE}")
int processes = 2;

static final String NONE = "none";
static final String USE =
        "inc NAME [N], get NAME, cas NAME OLD NEW, put NAME VALUE [SECONDS], remove NAME, publish TOPIC TEXT,"
                + " subscribe TOPIC";

Server server;
Table table;

void main(String[] args) {
    var runDirectory = Options.read(this, args);
    server = new Server(listen.host, listen.port);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    table = server.table("counters");
    server.set(settings ->
            settings.protocol(new TextProtocol())
                    .placement(Placement.CHILDREN)
                    .workerNum(4 * processes)
                    .workerProcesses(processes));

    // In whatever child handles the connection; the manager has what they count.
    server.onReceive((client, line) -> client.send(answer(client, line)));
    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    Shunt.command(args, server::start);
}

String answer(Connection client, Data line) {
    try {
        String text = line.text().strip();
        int most = text.startsWith("publish ") ? 3 : 0; // words; what is published may have spaces
        return answer(client, text.split(" +", most));
    } catch (NumberFormatException e) {
        return "error: this takes a number: " + e.getMessage();
    } catch (IllegalArgumentException | IllegalStateException e) { // no such name, or no room
        return "error: " + e.getMessage();
    }
}

String answer(Connection client, String[] words) {
    return switch (words[0] + " " + (words.length - 1)) {
        case "inc 1" -> Long.toString(table.increment(words[1]));
        case "inc 2" -> Long.toString(table.increment(words[1], Long.parseLong(words[2])));
        case "get 1" -> table.get(words[1]).map(Data::text).orElse(NONE);
        case "cas 3" -> {
            String expected = words[2].equals(NONE) ? null : words[2];
            yield Boolean.toString(table.compareAndSet(words[1], expected, words[3]));
        }
        case "put 2" -> {
            table.put(words[1], words[2]);
            yield "ok";
        }
        case "put 3" -> {
            table.put(words[1], words[2], seconds(words[3]));
            yield "ok";
        }
        case "remove 1" -> Boolean.toString(table.remove(words[1]));
        case "publish 2" -> Integer.toString(publish(words[1], words[2]));
        case "subscribe 1" -> {
            server.joinGroup(client.id(), words[1]);
            yield "subscribed " + words[1];
        }
        default -> "error: this takes " + USE;
    };
}

/** A connection's subscription is a group, which outlives the child that handles it. */
int publish(String topic, String text) {
    return server.sendToGroup(topic, topic + " " + text);
}

Duration seconds(String word) {
    return Duration.ofNanos((long) (Double.parseDouble(word) * 1e9));
}
