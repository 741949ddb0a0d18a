import dev.shunt.data.Data;
import dev.shunt.examples.Counts;
import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.server.Server;
import picocli.CommandLine.Mixin;

@Mixin Listen listen = new Listen("127.0.0.1", 9502);

void main(String[] args) {
    var runDirectory = Options.read(this, args);
    var server = new Server("udp://" + listen);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    // One event loop handles all datagrams, one after the other: nothing else touches the counts.
    server.set(settings -> settings.workerNum(1));
    var counts = new Counts();

    server.onPacket((data, sender) -> {
        if (data.text().strip().equals("stats")) {
            sender.send(Data.of(counts.bySender()));
        } else {
            counts.add(sender.remoteAddress());
            sender.send("got " + data.bytes().length + " bytes");
        }
    });

    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    server.start();
}
