package dev.shunt.netty;

import dev.shunt.net.Limits;
import io.netty.channel.ChannelConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast one peer sends its message and takes what is sent to it, in ticks of its loop's {@link PaceKeeper}. Time in
 * which it is not read counts as none. The loop's thread only.
 */
final class Pace {

    private final Limits limits;
    private final PaceKeeper keeper;
    private final Outbox outbox;
    /** Of the message that is not whole; 0 if none has begun. */
    private long messageBytes;

    private long messageSince;
    private long stuckSince;
    private long stuckAt;
    private boolean stuck;
    private boolean watched;

    Pace(Limits limits, PaceKeeper keeper, Outbox outbox) {
        this.limits = limits;
        this.keeper = keeper;
        this.outbox = outbox;
    }

    /**
     * What there is of a message that goes on.
     *
     * @param begins it is another message than the last time
     */
    void unfinished(long bytes, boolean begins) {
        if (begins || messageBytes == 0) {
            messageSince = keeper.now();
        }
        messageBytes = bytes;
    }

    /** No message has begun that is not whole. */
    void whole() {
        messageBytes = 0;
    }

    /** Once, until it is not worth to be looked at any more. */
    boolean takeWatch() {
        boolean first = !watched;
        watched = true;
        return first;
    }

    /** At each tick: whether there is anything to look at. */
    boolean isWatched() {
        watched = messageBytes > 0 || outbox.isStuck();
        return watched;
    }

    /** At each tick, why the peer takes too little; null if it does not. */
    @Nullable String slowReader() {
        String problem = outbox.isStuck() ? notTaken() : null;
        stuck = outbox.isStuck();
        return problem;
    }

    /** At each tick, why the peer's message is late; null if it is not. */
    @Nullable String lateMessage(ChannelConfig reads) {
        if (!reads.isAutoRead()) {
            messageSince = keeper.now();
        }
        if (messageBytes == 0) {
            return null;
        }
        var allowed = limits.messageTimeout().plusSeconds(messageBytes / Limits.MIN_BYTES_PER_SECOND);
        return keeper.since(messageSince).compareTo(allowed) > 0
                ? "a message of which " + messageBytes + " bytes have come is not whole after " + allowed.toMillis()
                        + " ms (messageTimeout)"
                : null;
    }

    private @Nullable String notTaken() {
        long at = outbox.progress();
        if (!stuck || at != stuckAt) {
            stuckAt = at;
            stuckSince = keeper.now();
            return null;
        }
        Duration allowed = limits.sendTimeout();
        return keeper.since(stuckSince).compareTo(allowed) > 0
                ? "its peer has taken nothing for " + allowed.toMillis() + " ms, and " + outbox.waitingBytes()
                        + " bytes wait (sendTimeout)"
                : null;
    }
}
