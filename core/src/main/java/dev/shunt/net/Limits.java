package dev.shunt.net;

import dev.shunt.check.Check;
import java.time.Duration;

/**
 * How much one connection may hold; with many of them, the sum is yours to keep in mind.
 *
 * @param maxPackageBytes longest message accepted, header included; beyond it the connection is closed
 *     (10 MiB, Workerman's default)
 * @param maxSendBytes how much may wait to be sent; at or above it {@code send} refuses (1 MiB, Workerman's default)
 * @param maxWaitingMessages messages that may wait for their handler before the connection is no longer read from
 * @param connectTimeout for outgoing connections: TCP and WebSocket handshake together
 * @param closeTimeout how long a closing connection may take to flush and to shake hands before it is cut
 */
public record Limits(
        int maxPackageBytes, int maxSendBytes, int maxWaitingMessages, Duration connectTimeout, Duration closeTimeout) {

    public static final Limits DEFAULT = new Limits(10 << 20, 1 << 20, 8, Duration.ofSeconds(5), Duration.ofSeconds(3));

    /** A message travels between processes in one frame, which is no longer than this and a header. */
    private static final int MAX_PACKAGE_BYTES = 128 << 20;

    public Limits {
        if (maxPackageBytes > MAX_PACKAGE_BYTES) {
            throw new IllegalArgumentException("maxPackageBytes " + maxPackageBytes + " is above " + MAX_PACKAGE_BYTES);
        }
        Check.count("maxPackageBytes", maxPackageBytes, 1, "without, the default is " + (10 << 20));
        Check.count("maxSendBytes", maxSendBytes, 1, "without, the default is " + (1 << 20));
        Check.count("maxWaitingMessages", maxWaitingMessages, 1, "without, the default is 8");
        connectTimeout = Check.positive("connectTimeout", connectTimeout, "without, the default is 5 seconds");
        closeTimeout = Check.notNegative("closeTimeout", closeTimeout);
    }

    /** Written out: every child says this at its start, and a record's own would take 8 ms to be made up. */
    @Override
    public String toString() {
        return "packages of " + maxPackageBytes + " bytes, " + maxSendBytes + " bytes to send, " + maxWaitingMessages
                + " messages waiting, " + connectTimeout.toMillis() + " ms to connect, " + closeTimeout.toMillis()
                + " ms to close";
    }

    public Limits withMaxPackageBytes(int bytes) {
        return new Limits(bytes, maxSendBytes, maxWaitingMessages, connectTimeout, closeTimeout);
    }

    public Limits withMaxSendBytes(int bytes) {
        return new Limits(maxPackageBytes, bytes, maxWaitingMessages, connectTimeout, closeTimeout);
    }

    public Limits withConnectTimeout(Duration timeout) {
        return new Limits(maxPackageBytes, maxSendBytes, maxWaitingMessages, timeout, closeTimeout);
    }
}
