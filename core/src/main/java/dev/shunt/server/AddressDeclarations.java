package dev.shunt.server;

import dev.shunt.check.Check;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.Heartbeat;
import dev.shunt.net.Protocol;
import dev.shunt.net.Tls;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Settings of one address: what is spoken there, what its peers may take, and who may come in. */
public sealed interface AddressDeclarations<S> permits ServerSettings, PortSettings {

    /** How messages are cut out of the stream. Default: none, {@code onReceive} gets what has arrived. */
    default S protocol(Protocol value) {
        return protocol(new Framing(value));
    }

    /** WebSocket is spoken, with these settings; {@code onReceive} gets its messages. */
    default S protocol(WebSocketProtocol value) {
        return protocol(new WebSocket(value));
    }

    /** HTTP is spoken, with these settings; the default with {@code onRequest}. */
    default S protocol(HttpProtocol value) {
        return protocol(new Http(value));
    }

    /** What is spoken, such as one of {@code Protocols.builtIn()}. */
    default S protocol(ApplicationProtocol value) {
        changing("protocol").protocol = Optional.of(Check.given("protocol", value));
        return self();
    }

    /** Longest message accepted, in bytes; a longer one closes its connection. Default 10 MiB. */
    default S packageMaxLength(int bytes) {
        var options = changing("packageMaxLength");
        options.limits = options.limits.withMaxPackageBytes(Check.count("packageMaxLength", bytes, 1, "in bytes"));
        return self();
    }

    /** How much may wait to be sent on one connection; more is refused, from a child twice as much. Default 1 MiB. */
    default S socketBufferSize(int bytes) {
        var options = changing("socketBufferSize");
        options.limits = options.limits.withMaxSendBytes(Check.count("socketBufferSize", bytes, 1, "in bytes"));
        return self();
    }

    /**
     * How long a message may take from its first byte to its last, and a second more for each 4 KiB of it; then its
     * connection is cut. Default 60 seconds.
     */
    default S messageTimeout(Duration value) {
        var options = changing("messageTimeout");
        options.limits = options.limits.withMessageTimeout(value);
        return self();
    }

    /** How long bytes may wait of which the peer takes none before its connection is cut. Default 60 seconds. */
    default S sendTimeout(Duration value) {
        var options = changing("sendTimeout");
        options.limits = options.limits.withSendTimeout(value);
        return self();
    }

    /** How many connections there may be; one more is closed at once. Default: no limit but that of descriptors. */
    default S maxConnections(int value) {
        var options = changing("maxConnections");
        options.limits = options.limits.withMaxConnections(value);
        return self();
    }

    /** How many connections the system keeps that are not accepted yet; it has a limit of its own. Default 1024. */
    default S backlog(int value) {
        var options = changing("backlog");
        options.options = options.options.withBacklog(value);
        return self();
    }

    /** Who may connect to a Unix socket, such as {@code rw-rw----}. Default: what the umask leaves. */
    default S fileMode(String value) {
        var options = changing("fileMode");
        options.options = options.options.withFileMode(Optional.of(Check.given("fileMode", value)));
        return self();
    }

    /** Connections are encrypted: {@code ssl(Tls.server(chain, key))}, with files in PEM. Default: not. */
    default S ssl(Tls.Server value) {
        var options = changing("ssl");
        options.options = options.options.withTls(Optional.of(Check.given("ssl", value)));
        return self();
    }

    /** How many connections one address may have; one more is closed at once. Default: no limit. */
    default S maxConnectionsPerAddress(int value) {
        var options = changing("maxConnectionsPerAddress");
        options.options = options.options.withMaxPerAddress(value);
        return self();
    }

    /** After so long without a byte of its peer a connection is cut. Default: never. */
    default S heartbeatIdleTime(Duration value) {
        return heartbeat("heartbeatIdleTime", heartbeat -> heartbeat.withIdleTime(value));
    }

    /**
     * How often silent peers are looked for, and so how much later one may be cut; without {@link #heartbeatIdleTime} after
     * twice as long. Default: a quarter of that.
     */
    default S heartbeatCheckInterval(Duration value) {
        return heartbeat("heartbeatCheckInterval", heartbeat -> heartbeat.withCheckInterval(value));
    }

    /** What a peer is sent after so long without a byte of it, and again as long as it is silent. Default: nothing. */
    default S heartbeatPing(Duration interval, Object message) {
        var given = Check.given("heartbeatPing", message);
        return heartbeat("heartbeatPing", heartbeat -> heartbeat.withPing(interval, given));
    }

    /**
     * From where connections come that a proxy passes on, such as {@code 10.0.0.0/8}: they must begin with a header of the
     * PROXY protocol, version 1 or 2, and their address is what it says. Default: from nowhere.
     */
    default S proxyProtocol(String... trusted) {
        var options = changing("proxyProtocol");
        options.options = options.options.withProxies(trusted);
        return self();
    }

    /** How many datagrams may wait for their handler; one more is dropped, and counted. Default 1024. */
    default S maxWaitingPackets(int value) {
        var options = changing("maxWaitingPackets");
        options.options = options.options.withMaxWaitingPackets(value);
        return self();
    }

    /**
     * How long a handler may take for a message, a request or a datagram; then it is interrupted, its connection closed (of
     * HTTP with 504), and its process replaced if it goes on all the same. Not on event loops. Default: no limit.
     */
    default S maxRequestExecutionTime(Duration value) {
        var options = changing("maxRequestExecutionTime");
        options.options = options.options.withHandlerTimeout(value);
        return self();
    }

    private S heartbeat(String setting, UnaryOperator<Heartbeat> change) {
        var options = changing(setting);
        options.options = options.options.withHeartbeat(change.apply(options.options.heartbeat()));
        return self();
    }

    private AddressOptions changing(String setting) {
        return switch (this) {
            case ServerSettings server -> server.address.changing(setting);
            case PortSettings port -> port.address.changing(setting);
        };
    }

    @SuppressWarnings("unchecked") // each is a setting of itself
    private S self() {
        return (S) this;
    }
}
