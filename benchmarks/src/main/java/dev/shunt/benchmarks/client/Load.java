package dev.shunt.benchmarks.client;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * Puts load on one server, again and again. Its loops live as long as it does; {@link #run} is for one thread at a time.
 * A server that hangs up, replies with something else or not at all ends the run with an {@link IOException}.
 */
public final class Load implements AutoCloseable {

    /** One loop for two cores: the others are the server's. */
    private static final int LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Before what counts, so that connections and caches are in use. A share of the time that counts. */
    private static final double SETTLING = 0.2;

    private final EventLoopGroup loops;

    public Load() {
        loops = new MultiThreadIoEventLoopGroup(
                LOOPS, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /**
     * What load.
     *
     * @param perSecond requests due in a second, over all connections; 0 for the closed loop
     */
    public record Shape(int connections, double perSecond, Duration duration) {}

    /**
     * What came of it.
     *
     * @param nanos of the replies, and in an open loop of those that the end found waiting
     * @param lateNanos how late the generator itself was with a request; empty for a closed loop
     * @param serverCpuNanos what the server used meanwhile
     * @param generatorLoad how much of its loops' time the generator used, from 0 to 1: close to 1 it is what was measured
     */
    public record Figures(
            long replies,
            double seconds,
            Histogram nanos,
            Histogram lateNanos,
            long serverCpuNanos,
            double generatorLoad) {

        public double perSecond() {
            return replies / seconds;
        }

        public double cpuMicrosPerReply() {
            return serverCpuNanos / 1e3 / replies;
        }

        public double micros(double percentile) {
            return nanos.getValueAtPercentile(percentile) / 1e3;
        }

        public double lateMicros(double percentile) {
            return lateNanos.getValueAtPercentile(percentile) / 1e3;
        }
    }

    /** @param serverCpuNanos the processor time that the server has used so far */
    public Figures run(int port, LongSupplier serverCpuNanos, Dialogue dialogue, Shape shape)
            throws IOException, InterruptedException {
        var crews = new ArrayList<Crew>();
        for (int i = 0; i < Math.min(LOOPS, shape.connections()); i++) {
            crews.add(new Crew(loops.next()));
        }
        try {
            for (int i = 0; i < shape.connections(); i++) {
                var crew = crews.get(i % crews.size());
                crew.add(connect(port, crew, dialogue));
            }
            for (var crew : crews) {
                await(crew.greeted());
            }
            return measure(crews, serverCpuNanos, shape);
        } finally {
            for (var crew : crews) {
                await(crew.closed());
            }
        }
    }

    private static Figures measure(List<Crew> crews, LongSupplier serverCpuNanos, Shape shape)
            throws IOException, InterruptedException {
        long length = shape.duration().toNanos();
        long began = System.nanoTime();
        long from = began + (long) (length * SETTLING);
        var span = new Crew.Span(from, from + length);
        var ends = new ArrayList<CompletableFuture<Crew.Tally>>();
        for (int i = 0; i < crews.size(); i++) {
            ends.add(crews.get(i).work(span, Rate.share(shape.perSecond(), began, i, crews.size())));
        }
        waitUntil(span.from(), ends);
        long cpu = cpuNanos(crews);
        long serverCpu = serverCpuNanos.getAsLong();
        waitUntil(span.to(), ends);
        serverCpu = serverCpuNanos.getAsLong() - serverCpu;
        double load = (cpuNanos(crews) - cpu) / ((double) length * crews.size());
        var all = Crew.Tally.empty();
        for (var end : ends) {
            all = all.plus(await(end));
        }
        return new Figures(
                all.replies(),
                length / (double) SECONDS.toNanos(1),
                all.nanos(),
                all.lateNanos(),
                serverCpu,
                Math.max(0, load));
    }

    private Conversation connect(int port, Crew crew, Dialogue dialogue) throws IOException, InterruptedException {
        var conversation = new Conversation(dialogue, crew);
        var connected = new Bootstrap()
                .group(crew.loop())
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(conversation);
                    }
                })
                .connect("127.0.0.1", port)
                .await();
        if (!connected.isSuccess()) {
            throw new IOException("cannot connect: " + connected.cause().getMessage(), connected.cause());
        }
        return conversation;
    }

    private static long cpuNanos(List<Crew> crews) {
        long sum = 0;
        for (var crew : crews) {
            sum += ManagementFactory.getThreadMXBean().getThreadCpuTime(crew.threadId());
        }
        return sum;
    }

    /** Or until one of them ends early, because something is wrong. */
    private static void waitUntil(long nanoTime, List<? extends CompletableFuture<?>> ends)
            throws IOException, InterruptedException {
        try {
            CompletableFuture.anyOf(ends.toArray(CompletableFuture[]::new))
                    .get(Math.max(0, nanoTime - System.nanoTime()), NANOSECONDS);
        } catch (TimeoutException _) {
            // it is time
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get(PATIENCE.toMillis(), MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + PATIENCE.toSeconds() + " seconds", e);
        }
    }

    private static IOException failure(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new IOException(String.valueOf(cause.getMessage()), cause);
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, SECONDS).awaitUninterruptibly();
    }

    /** When requests are due; none of them is, in a closed loop. */
    record Rate(boolean isOpen, long first, double intervalNanos) {

        /** The requests of one of several crews, evenly between those of the others. */
        static Rate share(double perSecond, long began, int crew, int crews) {
            if (perSecond == 0) {
                return new Rate(false, 0, 0);
            }
            double interval = SECONDS.toNanos(1) / perSecond;
            return new Rate(true, began + (long) (interval * crew), interval * crews);
        }

        long due(long number) {
            return first + (long) (number * intervalNanos);
        }
    }

    /** For the crew's own thread. */
    static long threadId(EventLoop loop) throws IOException, InterruptedException {
        return await(CompletableFuture.supplyAsync(() -> Thread.currentThread().threadId(), loop));
    }
}
