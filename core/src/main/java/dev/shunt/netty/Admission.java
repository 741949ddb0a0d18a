package dev.shunt.netty;

import dev.shunt.log.Log;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Whether one more connection of a listener is let in: not more than it may have, and none at the price of a descriptor
 * that is kept for others. The log says it once in a while, with how many were not. The listener's loop only.
 */
final class Admission {

    private static final Logger LOG = Log.of(Admission.class);
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final String listener;
    private final int maxConnections;
    private final PerAddress perAddress;
    private final Descriptors descriptors;
    private final Runnable refused;
    private final AtomicInteger open = new AtomicInteger();
    /** The listener's. */
    private volatile @Nullable EventLoop loop;

    private long unsaid;
    private boolean quiet;

    Admission(String listener, int maxConnections, PerAddress perAddress, Descriptors descriptors, Runnable refused) {
        this.perAddress = perAddress;
        this.listener = listener;
        this.maxConnections = maxConnections;
        this.descriptors = descriptors;
        this.refused = refused;
    }

    /** Of those that must come in, whatever else is full. */
    static Admission ofAll(String listener) {
        return new Admission(
                listener,
                Integer.MAX_VALUE,
                new PerAddress(Integer.MAX_VALUE),
                new Descriptors(Integer.MAX_VALUE, Integer.MAX_VALUE),
                () -> {});
    }

    /**
     * Counts it until it is closed; or closes it at once.
     *
     * @param passedOn whose it is will be known later, and {@link #admitsAddress} asked
     */
    boolean admits(Channel accepted, boolean passedOn, EventLoop loop) {
        this.loop = loop;
        String reason = reason(accepted);
        if (reason == null && !passedOn && accepted.remoteAddress() instanceof InetSocketAddress from) {
            String address = from.getAddress().getHostAddress();
            reason = perAddress.admits(address, accepted) ? null : tooMany(address);
        }
        if (reason == null) {
            open.incrementAndGet();
            accepted.closeFuture().addListener(_ -> open.decrementAndGet());
            return true;
        }
        accepted.unsafe().closeForcibly();
        refused.run();
        say(reason, loop);
        return false;
    }

    /** As {@link #admits}, of one that has been admitted, and whose it is; on its own loop. */
    boolean admitsAddress(String address, Channel accepted) {
        if (perAddress.admits(address, accepted)) {
            return true;
        }
        var _ = accepted.close();
        refused.run();
        tell(tooMany(address));
        return false;
    }

    /** That one which had been admitted is closed as soon as it has begun. Any thread. */
    void tell(String reason) {
        EventLoop listening = loop;
        if (listening != null) {
            listening.execute(() -> say(reason, listening));
        }
    }

    private String tooMany(String address) {
        return perAddress.max() + " are open of " + address + " (maxConnectionsPerAddress)";
    }

    private @Nullable String reason(Channel accepted) {
        if (open.get() >= maxConnections) {
            return maxConnections + " are open (maxConnections)";
        }
        return descriptors.areFew(accepted)
                ? "of " + descriptors.limit()
                        + " file descriptors (ulimit -n) only those are left that are kept for the"
                        + " program itself; " + open.get() + " connections are open"
                : null;
    }

    private void say(String reason, EventLoop loop) {
        unsaid++;
        if (quiet) {
            return;
        }
        quiet = true;
        LOG.warn("{}: {} new connection(s) closed at once: {}", listener, unsaid, reason);
        unsaid = 0;
        var _ = loop.schedule(
                () -> {
                    quiet = false;
                    if (unsaid > 0) {
                        LOG.warn("{}: {} more new connection(s) closed at once", listener, unsaid);
                        unsaid = 0;
                    }
                },
                QUIET.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
