package dev.shunt.netty;

import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import dev.shunt.timer.Loop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** An event loop of Netty: a thread that owns sockets and must never block. */
public final class NettyLoop implements Loop {

    private static final Logger LOG = Log.of(NettyLoop.class);

    private final GuardedLoop loop;
    private final PaceKeeper paces = new PaceKeeper(this);
    private final DateLine date = new DateLine(Clock.system());
    private @Nullable Deflation deflation;

    NettyLoop(GuardedLoop loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable command) {
        loop.execute(command);
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, Duration delay) {
        return loop.schedule(() -> guarded(command), Nanos.of(delay), TimeUnit.NANOSECONDS);
    }

    @Override
    public long turn() {
        return loop.turn();
    }

    @Override
    public void atEndOfTurn(Runnable command) {
        loop.atEndOfTurn(() -> guarded(command));
    }

    /** Netty would keep what it throws for whoever asks for its result, and nobody does. */
    private void guarded(Runnable command) {
        try {
            command.run();
        } catch (Throwable e) { // the loop's other work goes on
            endIfFatal(e);
            LOG.error("what was due on {} threw", Thread.currentThread().getName(), e);
        }
    }

    @Override
    public void endIfFatal(Throwable error) {
        loop.fatal().endIfFatal(error);
    }

    /** The same thread for those who know only the JDK. */
    public ScheduledExecutorService executor() {
        return loop;
    }

    /** Runs it later, or never if the loop has ended, and its sockets with it. */
    void ask(Runnable command) {
        try {
            loop.execute(command);
        } catch (RejectedExecutionException e) {
            LOG.trace("asked after its end", e);
        }
    }

    /** Runs it at once on the loop's thread, later on any other. */
    void run(Runnable command) {
        if (inLoop()) {
            command.run();
        } else {
            ask(command);
        }
    }

    EventLoop netty() {
        return loop;
    }

    /** Of all sockets of this loop; its thread only. */
    PaceKeeper paces() {
        return paces;
    }

    /** Of all responses of this loop; its thread only. */
    DateLine date() {
        return date;
    }

    /** Shared by all sockets of this loop; its thread only. */
    Deflation deflation() {
        if (deflation == null) {
            deflation = new Deflation();
        }
        return deflation;
    }
}
