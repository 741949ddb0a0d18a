package dev.shunt.net;

import dev.shunt.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How an address is listened on, and who may come in.
 *
 * @param backlog how many connections the system keeps until they are accepted (1024); it has a limit of its own
 * @param fileMode who may connect to a Unix socket, such as {@code rw-rw----}; without it what the process's umask leaves
 * @param tls without it, connections are not encrypted
 * @param heartbeat what becomes of silent peers
 * @param maxPerAddress how many connections one address may have; one more is closed at once (no limit)
 * @param proxies from where connections begin with a header of the PROXY protocol, which says whose they are; a Unix
 *     socket's all do if there are any
 * @param maxWaitingPackets how many datagrams may wait for their handler; one more is dropped (1024)
 * @param handlerTimeout how long a handler may take for a message, a request or a datagram; then it is interrupted, and its
 *     process replaced if it goes on all the same. On slots only (no limit)
 */
public record ListenOptions(
        int backlog,
        Optional<String> fileMode,
        Optional<Tls.Server> tls,
        Heartbeat heartbeat,
        int maxPerAddress,
        List<AddressRange> proxies,
        int maxWaitingPackets,
        Optional<Duration> handlerTimeout) {

    private static final Pattern MODE = Pattern.compile("([r-][w-][x-]){3}");

    private static final int BACKLOG = 1024;

    public static final ListenOptions DEFAULT = new ListenOptions(
            BACKLOG,
            Optional.empty(),
            Optional.empty(),
            Heartbeat.NONE,
            Integer.MAX_VALUE,
            List.of(),
            BACKLOG,
            Optional.empty());

    public ListenOptions {
        Check.count("backlog", backlog, 1, "without, the default is " + BACKLOG);
        Check.given("heartbeat", heartbeat);
        Check.given("tls", tls);
        Check.given("fileMode", fileMode).ifPresent(mode -> {
            if (!MODE.matcher(mode).matches()) {
                throw new IllegalArgumentException("the file mode '" + mode + "' is none; write it as rw-rw----");
            }
        });
        Check.count("maxConnectionsPerAddress", maxPerAddress, 1, "without, there is no limit");
        proxies = Check.all("proxyProtocol", proxies);
        handlerTimeout = Check.given("handlerTimeout", handlerTimeout)
                .map(time -> Check.positive("handlerTimeout", time, "without, there is no limit"));
        Check.count("maxWaitingPackets", maxWaitingPackets, 1, "without, the default is " + BACKLOG);
    }

    public ListenOptions withBacklog(int connections) {
        return new ListenOptions(
                connections, fileMode, tls, heartbeat, maxPerAddress, proxies, maxWaitingPackets, handlerTimeout);
    }

    public ListenOptions withFileMode(Optional<String> mode) {
        return new ListenOptions(
                backlog, mode, tls, heartbeat, maxPerAddress, proxies, maxWaitingPackets, handlerTimeout);
    }

    public ListenOptions withTls(Optional<Tls.Server> value) {
        return new ListenOptions(
                backlog, fileMode, value, heartbeat, maxPerAddress, proxies, maxWaitingPackets, handlerTimeout);
    }

    public ListenOptions withHeartbeat(Heartbeat value) {
        return new ListenOptions(
                backlog, fileMode, tls, value, maxPerAddress, proxies, maxWaitingPackets, handlerTimeout);
    }

    public ListenOptions withMaxPerAddress(int connections) {
        return new ListenOptions(
                backlog, fileMode, tls, heartbeat, connections, proxies, maxWaitingPackets, handlerTimeout);
    }

    /** Throws {@link IllegalArgumentException} if one is no range of addresses, or there is none. */
    public ListenOptions withProxies(String... trusted) {
        if (Check.all("proxyProtocol", trusted).isEmpty()) {
            throw new IllegalArgumentException(
                    "proxyProtocol without an address; give those whose headers are believed, such as 10.0.0.0/8");
        }
        var ranges = List.of(trusted).stream().map(AddressRange::parse).toList();
        return new ListenOptions(
                backlog, fileMode, tls, heartbeat, maxPerAddress, ranges, maxWaitingPackets, handlerTimeout);
    }

    public ListenOptions withMaxWaitingPackets(int count) {
        return new ListenOptions(backlog, fileMode, tls, heartbeat, maxPerAddress, proxies, count, handlerTimeout);
    }

    public ListenOptions withHandlerTimeout(Duration time) {
        return new ListenOptions(
                backlog,
                fileMode,
                tls,
                heartbeat,
                maxPerAddress,
                proxies,
                maxWaitingPackets,
                Optional.of(Check.given("handlerTimeout", time)));
    }

    /** Written out, as {@link Limits#toString} is. */
    @Override
    public String toString() {
        return "a backlog of " + backlog
                + fileMode.map(mode -> ", a file " + mode).orElse("")
                + tls.map(value -> ", " + value).orElse("")
                + (heartbeat.isNeeded() ? ", " + heartbeat : "")
                + (maxPerAddress == Integer.MAX_VALUE ? "" : ", " + maxPerAddress + " connections of an address")
                + (proxies.isEmpty() ? "" : ", proxies " + proxies)
                + (maxWaitingPackets == BACKLOG ? "" : ", " + maxWaitingPackets + " datagrams waiting")
                + handlerTimeout
                        .map(time -> ", " + time.toMillis() + " ms for a handler")
                        .orElse("");
    }
}
