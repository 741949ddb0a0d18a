package dev.shunt.netty;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.shunt.log.Log;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Gives each accepted connection of one listener to a loop. When accepting fails, as it does when the process has no file
 * descriptor left, it rests for a moment; those who wait in the system's backlog are accepted later.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = Log.of(Acceptor.class);
    private static final Duration REST = Duration.ofSeconds(1);

    private final String listener;
    private final Admission admission;
    private final Predicate<Channel> passedOn;
    private final Supplier<NettyLoop> loops;
    private final Function<NettyLoop, Consumer<Channel>> preparation;

    /**
     * The preparation is asked for in the order of accepting.
     *
     * @param passedOn whether a proxy will say whose it is
     */
    Acceptor(
            String listener,
            Admission admission,
            Predicate<Channel> passedOn,
            Supplier<NettyLoop> loops,
            Function<NettyLoop, Consumer<Channel>> preparation) {
        this.listener = listener;
        this.admission = admission;
        this.passedOn = passedOn;
        this.loops = loops;
        this.preparation = preparation;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var accepted = (Channel) message;
        if (!admission.admits(
                accepted, passedOn.test(accepted), context.channel().eventLoop())) {
            return;
        }
        var loop = loops.get();
        Pipelines.whenRegistered(accepted, prepared(accepted, loop));
        loop.netty().register(accepted).addListener((ChannelFuture done) -> {
            if (!done.isSuccess()) {
                drop(accepted, done.cause());
            }
        });
    }

    private Consumer<Channel> prepared(Channel accepted, NettyLoop loop) {
        try {
            return preparation.apply(loop);
        } catch (RuntimeException e) { // there is no id for it
            loop.netty().register(accepted).addListener(_ -> {
                var _ = accepted.close(); // which tells whoever counts it
            });
            throw e;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        GuardedLoop.endIfFatal(context, cause);
        LOG.warn("{}: cannot accept: {}; trying again in {} ms", listener, cause.getMessage(), REST.toMillis());
        var config = context.channel().config();
        config.setAutoRead(false);
        var _ = context.executor().schedule(() -> config.setAutoRead(true), REST.toMillis(), MILLISECONDS);
    }

    private void drop(Channel accepted, Throwable cause) {
        LOG.info("{}: an accepted connection was lost at once: {}", listener, cause.toString());
        accepted.unsafe().closeForcibly();
    }
}
