package dev.shunt.worker;

import dev.shunt.check.Check;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.net.Tls;
import dev.shunt.plan.SharedLimit;
import dev.shunt.plan.Sockets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the peers of a worker's address may take, in memory, time and number, how it is listened on, and how many tasks the
 * worker's processes run; said before {@link Worker#runAll}.
 */
public sealed interface LimitDeclarations permits Worker {

    /** Longest message accepted, in bytes; a longer one closes its connection. Default 10 MiB. */
    default Worker maxPackageSize(int bytes) {
        return limits(
                "maxPackageSize",
                limits -> limits.withMaxPackageBytes(Check.count("maxPackageSize", bytes, 1, "in bytes")));
    }

    /** How much may wait to be sent on one connection, in bytes; more is refused, from a child twice as much. Default 1 MiB. */
    default Worker maxSendBufferSize(int bytes) {
        return limits(
                "maxSendBufferSize",
                limits -> limits.withMaxSendBytes(Check.count("maxSendBufferSize", bytes, 1, "in bytes")));
    }

    /**
     * How long a message may take from its first byte to its last, and a second more for each 4 KiB of it; then its
     * connection is cut. Default 60 seconds.
     */
    default Worker messageTimeout(Duration value) {
        return limits("messageTimeout", limits -> limits.withMessageTimeout(value));
    }

    /** How long bytes may wait of which the peer takes none before its connection is cut. Default 60 seconds. */
    default Worker sendTimeout(Duration value) {
        return limits("sendTimeout", limits -> limits.withSendTimeout(value));
    }

    /**
     * Where the sockets of connections are, if handlers are in children: with the manager, where they outlive a crash and a
     * reload of handlers (default), or in the child that handles them, which is
     * faster; Linux only, else the start fails.
     */
    default Worker sockets(Sockets value) {
        setting("sockets").sockets = Check.given("sockets", value);
        return (Worker) this;
    }

    /** How many connections the address may have; one more is closed at once. Default: no limit but that of descriptors. */
    default Worker maxConnections(int value) {
        return limits("maxConnections", limits -> limits.withMaxConnections(value));
    }

    /** How many connections the system keeps that are not accepted yet; it has a limit of its own. Default 1024. */
    default Worker backlog(int value) {
        return options("backlog", options -> options.withBacklog(value));
    }

    /** Who may connect to a Unix socket, such as {@code rw-rw----}. Default: what the umask leaves. */
    default Worker fileMode(String value) {
        return options("fileMode", options -> options.withFileMode(Optional.of(Check.given("fileMode", value))));
    }

    /** Connections are encrypted, as with Workerman's {@code transport = 'ssl'}: {@code ssl(Tls.server(chain, key))}. */
    default Worker ssl(Tls.Server value) {
        return options("ssl", options -> options.withTls(Optional.of(Check.given("ssl", value))));
    }

    /** How many connections one address may have; one more is closed at once. Default: no limit. */
    default Worker maxConnectionsPerAddress(int value) {
        return options("maxConnectionsPerAddress", options -> options.withMaxPerAddress(value));
    }

    /** After so long without a byte of its peer a connection is cut. Default: never. */
    default Worker idleTimeout(Duration value) {
        return options(
                "idleTimeout",
                options -> options.withHeartbeat(options.heartbeat().withIdleTime(value)));
    }

    /**
     * What a peer is sent after so long without a byte of it, and again as long as it is silent; GatewayWorker's {@code
     * pingInterval} and {@code pingData}. Default: nothing.
     */
    default Worker pingInterval(Duration interval, Object pingData) {
        var given = Check.given("pingInterval", pingData);
        return options(
                "pingInterval",
                options -> options.withHeartbeat(options.heartbeat().withPing(interval, given)));
    }

    /**
     * How long a handler may take for a message, a request or a datagram; then it is interrupted, its connection closed (of
     * HTTP with 504), and its process replaced if it goes on all the same. GatewayWorker's word. Not on event loops. Default: no
     * limit.
     */
    default Worker processTimeout(Duration value) {
        return options("processTimeout", options -> options.withHandlerTimeout(value));
    }

    /** How many datagrams may wait for their handler; one more is dropped, and counted. Default 1024. */
    default Worker maxWaitingPackets(int value) {
        return options("maxWaitingPackets", options -> options.withMaxWaitingPackets(value));
    }

    /**
     * From where connections come that a proxy passes on, such as {@code 10.0.0.0/8}: they must begin with a header of the
     * PROXY protocol, version 1 or 2, and their address is what it says. Default: from nowhere.
     */
    default Worker proxyProtocol(String... trusted) {
        return options("proxyProtocol", options -> options.withProxies(trusted));
    }

    /** How many tasks a slot's process runs at most; what it hosts counts together. In children only. Default 0: any. */
    default Worker taskMaxRequest(int value) {
        setting("taskMaxRequest").tasks.maxRuns(Check.count("taskMaxRequest", value, 0, "0 means never"), -1);
        return (Worker) this;
    }

    /** As {@link #taskMaxRequest(int)}, and up to {@code grace} tasks more per process, at random; else half of it. */
    default Worker taskMaxRequest(int value, int grace) {
        setting("taskMaxRequest")
                .tasks
                .maxRuns(
                        Check.count("taskMaxRequest", value, 0, "0 means never"),
                        Check.count("taskMaxRequest grace", grace, 0, "0 means none more"));
        return (Worker) this;
    }

    /**
     * How many events of connections (connects, messages, closes) a slot's process is given before another one takes its
     * place; what it hosts counts together. In children only. Default 0: any. Up to half as many more, at random, if it is above
     * 10. No connection is closed by that.
     */
    default Worker maxRequest(int value) {
        var settings = setting("maxRequest");
        settings.recycling = settings.recycling.afterRuns(value);
        return (Worker) this;
    }

    /** As {@link #maxRequest(int)}, and up to {@code grace} more for each process, at random. */
    default Worker maxRequest(int value, int grace) {
        var settings = setting("maxRequest");
        settings.recycling = settings.recycling.afterRuns(value, grace);
        return (Worker) this;
    }

    /**
     * How many bytes a process of this worker may have in memory, heap, metaspace and native memory together, before another
     * one takes its place. Looked at once a second. In children only. Default: any number.
     */
    default Worker maxMemory(long bytes) {
        var settings = setting("maxMemory");
        settings.recycling = settings.recycling.aboveMemory(bytes);
        return (Worker) this;
    }

    /** What tables and counters of the program hold at most; see {@link SharedLimit}, whose default is that of a program. */
    default Worker sharedMap(int maxEntries, long maxBytes) {
        setting("sharedMap");
        Program.sharedMap(new SharedLimit(maxEntries, maxBytes));
        return (Worker) this;
    }

    private Worker options(String call, UnaryOperator<ListenOptions> change) {
        var settings = setting(call);
        settings.options = change.apply(settings.options);
        return (Worker) this;
    }

    private Worker limits(String call, UnaryOperator<Limits> change) {
        var settings = setting(call);
        settings.limits = change.apply(settings.limits);
        return (Worker) this;
    }

    private WorkerSettings setting(String call) {
        var settings = ((Worker) this).settings();
        settings.refuseLate(call);
        return settings;
    }
}
