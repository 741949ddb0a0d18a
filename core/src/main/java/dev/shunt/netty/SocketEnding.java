package dev.shunt.netty;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one socket comes to its end: how long its present state may last, and the reason that its owner will be told, of
 * which the first counts. The loop's thread only.
 */
final class SocketEnding {

    /** How long a closed channel waits for its peer to close too; Workerman's linger timeout. */
    static final Duration LINGER = Duration.ofSeconds(1);

    private final NettyLoop loop;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable String reason;
    private boolean expedited;

    SocketEnding(NettyLoop loop) {
        this.loop = loop;
    }

    /** The one deadline that holds from now on. */
    void within(Duration limit, Runnable otherwise) {
        cancelDeadline();
        deadline = loop.schedule(otherwise, limit);
    }

    /** As {@link #within}, for closing in order. */
    void closedWithin(Duration timeout, Consumer<String> otherwise) {
        var limit = expedited && LINGER.compareTo(timeout) < 0 ? LINGER : timeout;
        within(limit, () -> otherwise.accept("not closed in order within " + limit.toMillis() + " ms"));
    }

    void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** It ends with the whole program, so in no more time than needed. */
    void expedite() {
        expedited = true;
    }

    boolean isExpedited() {
        return expedited;
    }

    /** The end of what this end sends, encrypted or not. */
    static void endOutput(Channel channel) {
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            var _ = ((DuplexChannel) channel).shutdownOutput();
        } else {
            tls.closeOutbound().addListener(_ -> {
                var _ = ((DuplexChannel) channel).shutdownOutput();
            });
        }
    }

    void note(String cause) {
        if (reason == null) {
            reason = cause;
        }
    }

    String reason(String otherwise) {
        return reason == null ? otherwise : reason;
    }
}
