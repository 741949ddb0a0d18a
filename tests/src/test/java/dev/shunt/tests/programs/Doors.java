package dev.shunt.tests.programs;

import dev.shunt.data.Data;
import dev.shunt.net.Tls;
import dev.shunt.plan.Placement;
import dev.shunt.protocol.Protocols;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.stats.Stats;
import dev.shunt.testing.Gate;
import dev.shunt.worker.AsyncTcpConnection;
import dev.shunt.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The same program in both faces, behind several addresses in this order: lines on a port, on a Unix socket, encrypted,
 * messages that end with a semicolon, behind a proxy, for peers that are not silent, and datagrams. Clients say what a handler does next.
 */
public final class Doors {

    /** From where nobody is let in, behind the proxy. */
    private static final String UNWANTED = "203.0.113.66:";

    private static final int MAX_WAITING = 10;
    private static final Duration SILENCE = Duration.ofMillis(2_400);
    private static final Duration PING = Duration.ofMillis(300);

    private final Options options;
    private final Path files;
    private Supplier<Stats.Packets> counts = () -> {
        throw new IllegalStateException("it does not run");
    };

    private Doors(Options options) {
        this.options = options;
        files = Path.of(options.text("tls", ""));
    }

    static void main(String[] args) {
        Worker.protocol("secret", new TextProtocol());
        Worker.protocol("pieces", Protocols.delimiter(";"));
        var program = new Doors(Options.of(args));
        if (program.options.text("face", "worker").equals("server")) {
            program.runServer();
        } else {
            program.runWorkers();
        }
    }

    private Placement placement() {
        return options.placement("placement", Placement.CHILDREN);
    }

    private Tls.Server tls() {
        return Tls.server(files.resolve("server.pem"), files.resolve("server.key"))
                .host("other.test", files.resolve("other.pem"), files.resolve("other.key"))
                .askForClientCertificate(files.resolve("ca.pem"));
    }

    private void runServer() {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.protocol(new TextProtocol())
                .placement(placement())
                .workerNum(2)
                .backlog(16));
        var unix = server.listen("unix://" + options.text("socket", ""));
        unix.set(settings -> settings.protocol(new TextProtocol()).fileMode("rw-rw----"));
        var encrypted = server.listen("ssl://127.0.0.1:0");
        encrypted.set(settings -> settings.protocol(new TextProtocol()).ssl(tls()));
        var pieces = server.listen("127.0.0.1", 0);
        pieces.set(settings -> settings.protocol(Protocols.delimiter(";")).packageMaxLength(100));
        pieces.onReceive((connection, data) -> connection.send(data.text().toUpperCase(Locale.ROOT)));
        var proxied = server.listen("127.0.0.1", 0);
        proxied.set(settings -> settings.protocol(new TextProtocol())
                .proxyProtocol("127.0.0.0/8")
                .maxConnectionsPerAddress(2));
        proxied.onConnect(connection -> {
            if (connection.remoteAddress().startsWith(UNWANTED)) {
                connection.close();
            }
        });
        var watched = server.listen("127.0.0.1", 0);
        watched.set(settings ->
                settings.protocol(new TextProtocol()).heartbeatIdleTime(SILENCE).heartbeatPing(PING, "still there?"));
        var packets = server.listen("udp://127.0.0.1:0");
        packets.set(settings -> settings.maxWaitingPackets(MAX_WAITING));
        packets.onPacket((data, sender) -> packet(data, sender.remoteAddress(), sender::send, server::sendTo));
        counts = () -> server.stats().packets();
        server.onConnect(connection -> IO.println("connected " + connection.remoteAddress()));
        server.onReceive((connection, data) -> received(
                data.text(),
                connection::send,
                connection.remoteAddress() + " "
                        + subject(connection.certificate().orElse(null))));
        server.onClose(connection -> IO.println("closed " + connection.remoteAddress()));
        server.onStart(() -> {
            for (var endpoint : List.of(
                    server.endpoint(),
                    unix.endpoint(),
                    encrypted.endpoint(),
                    pieces.endpoint(),
                    proxied.endpoint(),
                    watched.endpoint(),
                    packets.endpoint())) {
                IO.println("listening on " + endpoint.hostAndPort());
            }
        });
        server.start();
    }

    private void runWorkers() {
        worker("text://127.0.0.1:0").backlog(16);
        worker("text://" + options.text("socket", "")).fileMode("rw-rw----");
        worker("text://127.0.0.1:0").name("encrypted").ssl(tls());
        new Worker("pieces://127.0.0.1:0")
                .placement(placement())
                .sockets(options.sockets())
                .maxPackageSize(100)
                .onMessage((connection, data) -> connection.send(data.text().toUpperCase(Locale.ROOT)));
        worker("text://127.0.0.1:0")
                .name("proxied")
                .proxyProtocol("127.0.0.0/8")
                .maxConnectionsPerAddress(2)
                .onConnect(connection -> {
                    if (connection.remoteAddress().startsWith(UNWANTED)) {
                        connection.close();
                    }
                });
        worker("text://127.0.0.1:0").name("watched").idleTimeout(SILENCE).pingInterval(PING, "still there?");
        var packets =
                new Worker("udp://127.0.0.1:0").placement(placement()).count(2).maxWaitingPackets(MAX_WAITING);
        packets.onMessage((sender, data) -> packet(data, sender.remoteAddress(), sender::send, packets::sendTo));
        counts = () -> Worker.stats().packets();
        Worker.runAll();
    }

    private Worker worker(String address) {
        return new Worker(address)
                .placement(placement())
                .sockets(options.sockets())
                .onConnect(connection -> IO.println("connected " + connection.remoteAddress()))
                .onMessage((connection, data) -> received(
                        data.text(),
                        connection::send,
                        connection.remoteAddress() + " "
                                + subject(connection.certificate().orElse(null))))
                .onClose(connection -> IO.println("closed " + connection.remoteAddress()));
    }

    private static String subject(@Nullable X509Certificate certificate) {
        return certificate == null
                ? "nobody"
                : certificate.getSubjectX500Principal().getName();
    }

    private interface SendTo {
        boolean sendTo(String host, int port, Object data);
    }

    private void packet(Data data, String from, Answer answer, SendTo sendTo) throws IOException {
        var command = Command.of(data.text());
        switch (command.verb()) {
            case "from" -> answer.send(from);
            case "size" -> answer.send("size " + data.bytes().length);
            case "to" ->
                answer.send("sent " + sendTo.sendTo("127.0.0.1", Integer.parseInt(command.rest()), "from " + from));
            case "twice" -> {
                answer.send("one");
                answer.send("two");
            }
            case "throw" -> throw new IllegalStateException(command.rest());
            case "gate" -> Gate.pass(options.number("gate", 0), "packet");
            default -> throw command.unknown();
        }
    }

    /** What a client is answered with. */
    private interface Answer {
        boolean send(Object message);
    }

    private void received(String text, Answer answer, String who) {
        var command = Command.of(text);
        switch (command.verb()) {
            case "echo" -> answer.send(command.rest());
            case "blob" -> answer.send("x".repeat(Integer.parseInt(command.rest())));
            case "who" -> answer.send(who);
            case "dropped" -> answer.send("dropped " + counts.get().dropped());
            case "dial" -> dial(command.rest(), answer, Tls.client().trust(files.resolve("ca.pem")));
            case "dial-untrusted" -> dial(command.rest(), answer, Tls.client());
            case "dial-known" ->
                dial(
                        command.rest(),
                        answer,
                        Tls.client()
                                .trust(files.resolve("ca.pem"))
                                .certificate(files.resolve("client.pem"), files.resolve("client.key")));
            default -> throw command.unknown();
        }
    }

    /** Asks who it is; encrypted if the scheme says so. */
    private static void dial(String address, Answer answer, Tls.Client tls) {
        var connection = new AsyncTcpConnection(address).connectTimeout(Duration.ofMinutes(1));
        if (address.startsWith("secret:") || address.startsWith("ssl:")) {
            connection.ssl(tls);
        }
        connection.onMessage((from, message) -> {
            answer.send("answered " + message.text().strip());
            from.close();
        });
        connection.onError((_, code, problem) -> answer.send("error " + code + " " + problem));
        connection.connect();
        connection.send(address.startsWith("ssl:") ? "who\n" : "who");
    }
}
