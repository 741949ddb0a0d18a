package dev.shunt.engine.manager;

import dev.shunt.control.Access;
import dev.shunt.control.AnsweringThreads;
import dev.shunt.control.ControlApi;
import dev.shunt.control.ControlSite;
import dev.shunt.control.EventStreams;
import dev.shunt.control.MetricsFormat;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.http.HttpProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.netty.ListeningSocket;
import dev.shunt.netty.MemoryBudget;
import dev.shunt.netty.Network;
import dev.shunt.netty.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a program is asked and steered: a loop of its own, so that it answers however stuck the program's are, and its
 * listeners. Safe for use by any thread but its own loop's.
 */
final class ControlServer implements AutoCloseable {

    private static final int MAX_BODY = 1 << 20;

    /** What they have not sent whole is bounded by memory; one that says nothing is closed after a while. */
    private static final int MAX_CONNECTIONS = 2_000;

    private static final long MEMORY = 32 << 20;
    private static final String OWN_ONLY = "rw-------";

    /** What is done with many dead letters may take its time. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);

    private static final HttpProtocol HTTP =
            HttpProtocol.DEFAULT.withAnswerTimeout(ANSWER_TIMEOUT).withMaxRequests(1000);

    private final Network network;
    private final ControlApi api;
    private final EventStreams streams;
    private final AnsweringThreads threads;
    private final Optional<MetricsFormat.Source> metrics;

    ControlServer(
            ControlApi api,
            AnsweringThreads threads,
            FatalErrors fatal,
            Spool spool,
            Optional<MetricsFormat.Source> metrics) {
        this.metrics = metrics;
        this.api = api;
        this.threads = threads;
        network = Network.open("shunt-control-loop", 1, MemoryBudget.of(MEMORY), fatal, spool);
        streams = new EventStreams(api, network.loop(0), threads.looking());
    }

    /** Accepts at once. Waits for the address. */
    ListeningSocket listen(Endpoint endpoint, ListenOptions options, Access access) throws IOException {
        var protocol = new ApplicationProtocol.Http(HTTP);
        var site = new ControlSite(api, streams, threads, access, metrics);
        var limits = Limits.DEFAULT.withMaxPackageBytes(MAX_BODY).withMaxConnections(MAX_CONNECTIONS);
        var socket = network.bind(endpoint, protocol, limits, options, new ControlListener(protocol, site, streams));
        socket.accept();
        return socket;
    }

    /** For its own user alone. */
    ListeningSocket listen(Path file) throws IOException {
        return listen(
                new Endpoint("http", new Endpoint.Unix(file), "/"),
                ListenOptions.DEFAULT.withFileMode(Optional.of(OWN_ONLY)),
                Access.OF_OWNER);
    }

    @Override
    public void close() {
        network.close();
    }
}
