package dev.shunt.net;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of connections whose peers are silent; time in which a peer is not read counts as none.
 *
 * @param idleTime after so long without a byte of the peer its connection is cut; zero for never
 * @param checkInterval how often that is looked at, and so how much later it may be; zero for a quarter of the shortest time
 * @param pingInterval after so long without a byte of the peer it is sent {@code ping}, and again as long as it is silent
 * @param ping a message, which the protocol encodes
 */
public record Heartbeat(Duration idleTime, Duration checkInterval, Duration pingInterval, Optional<Data> ping) {

    public static final Heartbeat NONE = new Heartbeat(Duration.ZERO, Duration.ZERO, Duration.ZERO, Optional.empty());

    private static final Duration LEAST_TICK = Duration.ofMillis(10);

    public Heartbeat {
        Check.given("ping", ping);
        idleTime = Check.notNegative("idleTime", idleTime);
        checkInterval = Check.notNegative("checkInterval", checkInterval);
        pingInterval = Check.notNegative("pingInterval", pingInterval);
    }

    public Heartbeat withIdleTime(Duration value) {
        return new Heartbeat(
                Check.positive("idleTime", value, "without, peers may be silent"), checkInterval, pingInterval, ping);
    }

    /** Without an idle time, that is twice as long, as in Swoole. */
    public Heartbeat withCheckInterval(Duration value) {
        var interval = Check.positive("checkInterval", value, "without, it is a quarter of the idle time");
        return new Heartbeat(idleTime, interval, pingInterval, ping);
    }

    public Heartbeat withPing(Duration interval, Object message) {
        return new Heartbeat(
                idleTime,
                checkInterval,
                Check.positive("pingInterval", interval, "without, nobody is pinged"),
                Optional.of(Data.of(Check.given("heartbeatPing", message))));
    }

    /** Whether there is anything to look at. */
    public boolean isNeeded() {
        return !silence().isZero() || !pingInterval.isZero();
    }

    /** How long a peer may be silent; zero for ever. */
    public Duration silence() {
        return idleTime.isZero() ? Check.notNegative("checkInterval", checkInterval.multipliedBy(2)) : idleTime;
    }

    /** How often peers are looked at. */
    public Duration tick() {
        if (!checkInterval.isZero()) {
            return checkInterval;
        }
        var shortest = silence().isZero() || (!pingInterval.isZero() && pingInterval.compareTo(silence()) < 0)
                ? pingInterval
                : silence();
        var quarter = shortest.dividedBy(4);
        return quarter.compareTo(LEAST_TICK) < 0 ? LEAST_TICK : quarter;
    }

    @Override
    public String toString() {
        return "silence of " + silence().toMillis() + " ms, a ping after " + pingInterval.toMillis()
                + " ms, looked at each " + tick().toMillis() + " ms";
    }
}
