package dev.shunt.net;

import dev.shunt.check.Check;
import java.time.Duration;

/**
 * How much one connection may hold and how long it may take for it, and how many connections one listener may have. What
 * all connections hold together has a budget of its own, in the settings of the program.
 *
 * @param maxPackageBytes longest message accepted, header included; beyond it the connection is closed
 *     (10 MiB, Workerman's default)
 * @param maxSendBytes how much may wait to be sent; at or above it {@code send} refuses (1 MiB, Workerman's default)
 * @param maxWaitingMessages messages that may wait for their handler before the connection is no longer read from
 * @param connectTimeout for outgoing connections: TCP and WebSocket handshake together
 * @param closeTimeout how long a closing connection may take to flush and to shake hands before it is cut
 * @param messageTimeout how long a message may take from its first byte to its last, and a second more for each {@link
 *     #MIN_BYTES_PER_SECOND} that have come; then the connection is cut (60 s)
 * @param sendTimeout how long bytes may wait of which the peer takes none before the connection is cut (60 s)
 * @param maxConnections how many one listener may have; one more is closed at once (no limit but that of descriptors)
 */
public record Limits(
        int maxPackageBytes,
        int maxSendBytes,
        int maxWaitingMessages,
        Duration connectTimeout,
        Duration closeTimeout,
        Duration messageTimeout,
        Duration sendTimeout,
        int maxConnections) {

    /** A message that comes more slowly than this, on the whole, is not waited for; so a large one may take its time. */
    public static final int MIN_BYTES_PER_SECOND = 4 << 10;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A message travels between processes in one frame, which is no longer than this and a header. */
    private static final int MAX_PACKAGE_BYTES = 128 << 20;

    public static final Limits DEFAULT = new Limits(10 << 20, 1 << 20, 8, Duration.ofSeconds(5), Duration.ofSeconds(3));

    public Limits {
        if (maxPackageBytes > MAX_PACKAGE_BYTES) {
            throw new IllegalArgumentException("packageMaxLength or maxPackageSize is " + maxPackageBytes + " bytes; "
                    + MAX_PACKAGE_BYTES + " at most, since a message is in memory as a whole: send what is longer in"
                    + " several, or upload it by HTTP, whose bodies may be read while they come");
        }
        Check.count("maxPackageBytes", maxPackageBytes, 1, "without, the default is " + (10 << 20));
        Check.count("maxSendBytes", maxSendBytes, 1, "without, the default is " + (1 << 20));
        Check.count("maxWaitingMessages", maxWaitingMessages, 1, "without, the default is 8");
        connectTimeout = Check.positive("connectTimeout", connectTimeout, "without, the default is 5 seconds");
        closeTimeout = Check.notNegative("closeTimeout", closeTimeout);
        messageTimeout = Check.positive("messageTimeout", messageTimeout, "without, the default is 60 seconds");
        sendTimeout = Check.positive("sendTimeout", sendTimeout, "without, the default is 60 seconds");
        Check.count("maxConnections", maxConnections, 1, "without, there is no limit but that of descriptors");
    }

    /** With the defaults for what peers may take their time for, and for connections. */
    public Limits(
            int maxPackageBytes,
            int maxSendBytes,
            int maxWaitingMessages,
            Duration connectTimeout,
            Duration closeTimeout) {
        this(
                maxPackageBytes,
                maxSendBytes,
                maxWaitingMessages,
                connectTimeout,
                closeTimeout,
                PATIENCE,
                PATIENCE,
                Integer.MAX_VALUE);
    }

    /** Written out: every child says this at its start, and a record's own would take 8 ms to be made up. */
    @Override
    public String toString() {
        return "packages of " + maxPackageBytes + " bytes, " + maxSendBytes + " bytes to send, " + maxWaitingMessages
                + " messages waiting, " + connectTimeout.toMillis() + " ms to connect, " + closeTimeout.toMillis()
                + " ms to close, " + messageTimeout.toMillis() + " ms for a message, " + sendTimeout.toMillis()
                + " ms to read, " + maxConnections + " connections";
    }

    public Limits withMaxPackageBytes(int bytes) {
        return new Limits(
                bytes,
                maxSendBytes,
                maxWaitingMessages,
                connectTimeout,
                closeTimeout,
                messageTimeout,
                sendTimeout,
                maxConnections);
    }

    public Limits withMaxSendBytes(int bytes) {
        return new Limits(
                maxPackageBytes,
                bytes,
                maxWaitingMessages,
                connectTimeout,
                closeTimeout,
                messageTimeout,
                sendTimeout,
                maxConnections);
    }

    public Limits withConnectTimeout(Duration timeout) {
        return new Limits(
                maxPackageBytes,
                maxSendBytes,
                maxWaitingMessages,
                timeout,
                closeTimeout,
                messageTimeout,
                sendTimeout,
                maxConnections);
    }

    public Limits withMessageTimeout(Duration timeout) {
        return new Limits(
                maxPackageBytes,
                maxSendBytes,
                maxWaitingMessages,
                connectTimeout,
                closeTimeout,
                timeout,
                sendTimeout,
                maxConnections);
    }

    public Limits withSendTimeout(Duration timeout) {
        return new Limits(
                maxPackageBytes,
                maxSendBytes,
                maxWaitingMessages,
                connectTimeout,
                closeTimeout,
                messageTimeout,
                timeout,
                maxConnections);
    }

    public Limits withMaxConnections(int count) {
        return new Limits(
                maxPackageBytes,
                maxSendBytes,
                maxWaitingMessages,
                connectTimeout,
                closeTimeout,
                messageTimeout,
                sendTimeout,
                count);
    }
}
