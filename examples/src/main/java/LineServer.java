import dev.shunt.Shunt;
import dev.shunt.examples.Delimiter;
import dev.shunt.examples.Options;
import dev.shunt.net.Protocol;
import dev.shunt.net.Tls;
import dev.shunt.protocol.Protocols;
import dev.shunt.server.Server;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

@Option(
        names = "--listen",
        paramLabel = "ADDRESS",
        description = "tcp://HOST:PORT, unix:///PATH or ssl://HOST:PORT, default ${DEFAULT-VALUE}")
String address = "tcp://127.0.0.1:2000";

@Option(
        names = "--tls",
        paramLabel = "FILE",
        arity = "2",
        description = "certificate and key in PEM, for ssl://")
Path[] tls = {};

@ArgGroup Framing framing = new Framing();

/** How messages are told apart: one way or the other. */
static class Framing {

    @Option(
            names = "--delimiter",
            paramLabel = "TEXT",
            description = "what messages end with, such as '\\r\\n'; default '\\n'")
    Delimiter delimiter = Delimiter.parse("\\n");

    @Option(
            names = "--length",
            paramLabel = "BYTES",
            description = "messages stand behind their length of 1, 2, 3, 4 or 8 bytes, big endian")
    Optional<Integer> length = Optional.empty();
}

void main(String[] args) {
    var runDirectory = Options.read(this, args);
    if (address.startsWith("ssl://") != (tls.length > 0)) {
        Options.wrong(
                this,
                address
                        + ": an address ssl://HOST:PORT goes with --tls CERTIFICATE KEY, and no other does");
    }
    var server = new Server(address);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    server.set(settings -> {
        settings.protocol(
                framing.length
                        .<Protocol>map(Protocols::length)
                        .orElseGet(() -> Protocols.delimiter(framing.delimiter.bytes())));
        if (tls.length > 0) {
            settings.ssl(Tls.server(tls[0], tls[1]));
        }
    });
    server.onReceive((connection, message) -> connection.send(message));
    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    Shunt.command(args, server::start);
}
