package dev.shunt.netty;

import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Heartbeat;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * Pings a peer that is silent, and cuts it if it stays so. Counts ticks in which nothing came, so that no peer is blamed for
 * a loop that was held up. The loop's thread only.
 */
final class SilenceWatch extends ChannelInboundHandlerAdapter {

    private final SocketLifecycle socket;
    private final Duration tick;
    private final long ticksToPing;
    private final long ticksToCut;
    private final Optional<Data> ping;
    private final Duration silence;
    private long silentTicks;
    private @Nullable ScheduledFuture<?> next;

    SilenceWatch(SocketLifecycle socket, Heartbeat heartbeat, ApplicationProtocol spoken) {
        this.socket = socket;
        tick = heartbeat.tick();
        silence = heartbeat.silence();
        ticksToPing = ticks(heartbeat.pingInterval());
        ticksToCut = ticks(silence);
        ping = heartbeat.ping().map(spoken::encode);
    }

    private long ticks(Duration time) {
        return time.isZero() ? 0 : Math.ceilDiv(time.toNanos(), tick.toNanos());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        look(context);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        silentTicks = 0;
        context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (next != null) {
            next.cancel(false);
        }
        context.fireChannelInactive();
    }

    private void look(ChannelHandlerContext context) {
        next = socket.loop().schedule(() -> tick(context), tick);
    }

    private void tick(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            return;
        }
        silentTicks = context.channel().config().isAutoRead() ? silentTicks + 1 : 0;
        if (ticksToCut > 0 && silentTicks >= ticksToCut) {
            socket.cut("its peer was silent for " + silence.toMillis() + " ms (idle time)");
            return;
        }
        if (ticksToPing > 0 && silentTicks > 0 && silentTicks % ticksToPing == 0 && socket.isOpen()) {
            ping.ifPresent(message -> socket.outbox().offer(message.kind(), message.bytes()));
        }
        look(context);
    }
}
