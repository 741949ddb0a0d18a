package dev.shunt.tests.programs;

import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.net.Tls;
import dev.shunt.plan.Placement;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import dev.shunt.worker.Worker;
import java.nio.file.Path;
import java.util.List;

/**
 * A program of HTTP behind several addresses in this order: on a port, encrypted, on a Unix socket; a {@code Server} also
 * with requests of another kind, with lines, with bytes, and for datagrams.
 */
public final class WebDoors {

    private static final HttpProtocol BEHIND_A_PROXY = HttpProtocol.DEFAULT.withTrustedProxies("10.0.0.1");

    private WebDoors() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var tls = Path.of(options.text("tls", ""));
        var encryption = Tls.server(tls.resolve("server.pem"), tls.resolve("server.key"));
        if (options.text("face", "worker").equals("server")) {
            runServer(options, encryption);
        } else {
            runWorkers(options, encryption);
        }
    }

    private static void runServer(Options options, Tls.Server tls) {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.placement(options.placement("placement", Placement.CHILDREN)));
        server.onRequest(WebDoors::request);
        var encrypted = server.listen("ssl://127.0.0.1:0").set(settings -> settings.ssl(tls));
        encrypted.onOpen((connection, _) -> connection.send("open"));
        encrypted.onMessage((connection, data) -> connection.send("heard " + data.text()));
        server.listen("unix://" + options.text("socket", "")).set(settings -> settings.protocol(BEHIND_A_PROXY));
        var other = server.listen("127.0.0.1", 0);
        other.onRequest((_, response) -> response.end("another"));
        var lines = server.listen("127.0.0.1", 0).set(settings -> settings.protocol(new TextProtocol()));
        lines.onReceive((connection, data) -> connection.send("line " + data.text()));
        var bytes = server.listen("127.0.0.1", 0);
        bytes.onReceive((connection, data) -> connection.send("bytes " + data.text()));
        var packets = server.listen("udp://127.0.0.1:0");
        packets.onPacket((data, sender) -> sender.send("packet " + data.text()));
        server.onStart(() -> {
            for (var endpoint : List.of(
                    server.endpoint(),
                    encrypted.endpoint(),
                    other.endpoint(),
                    lines.endpoint(),
                    bytes.endpoint(),
                    packets.endpoint())) {
                IO.println("listening on " + endpoint.hostAndPort());
            }
        });
        server.start();
    }

    private static void runWorkers(Options options, Tls.Server tls) {
        worker("http://127.0.0.1:0", options);
        worker("https://127.0.0.1:0", options)
                .ssl(tls)
                .onOpen((connection, _) -> connection.send("open"))
                .onMessage((connection, data) -> connection.send("heard " + data.text()));
        Worker.protocol("behind", BEHIND_A_PROXY);
        worker("behind://" + options.text("socket", ""), options);
        Worker.runAll();
    }

    private static Worker worker(String address, Options options) {
        return new Worker(address)
                .placement(options.placement("placement", Placement.CHILDREN))
                .onRequest(WebDoors::request);
    }

    private static void request(Request request, Response response) {
        switch (request.path()) {
            case "/echo" -> response.end(request.body());
            case "/file" -> response.file(Path.of(request.query("name").orElseThrow()));
            default -> response.end("request of '" + request.remoteIp() + "'");
        }
    }
}
