package dev.shunt.netty;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.LinkEvents;
import dev.shunt.log.Log;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Endpoint.Inet;
import dev.shunt.net.Endpoint.Unix;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.net.Tls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * All sockets of a process: a few event loops on daemon threads, what listens, and what is connected. Safe for use by any
 * thread; but {@link #bind}, {@link #listenLinks} and {@link #close} wait, and are refused on a loop's thread.
 */
public final class Network implements AutoCloseable {

    private static final Logger LOG = Log.of(Network.class);
    private static final int MAX_DATAGRAM = 65_535;
    private static final int LAST_MILLIS = 500;
    private static final int LEND_SECONDS = 10;

    private final Transport transport;
    private final MemoryBudget budget;
    private final Spool spool;
    private final List<NettyLoop> loops;
    private final Resolver resolver;
    private final ClientTls clientTls = new ClientTls();
    /** Every channel that is not closed, listening ones too; one that comes too late is closed by it. */
    private final ChannelGroup channels;

    private final Queue<AutoCloseable> listeners = new ConcurrentLinkedQueue<>();
    private final Set<Socket> outgoing = SocketSpec.noneOpen();
    private final Descriptors descriptors = Descriptors.ofThisProcess();
    private final ConnectionIds accepted = new ConnectionIds();
    private final AtomicLong dialled = new AtomicLong();
    private final AtomicInteger turn = new AtomicInteger();
    /** Made while there is memory. */
    private final Throwable ended = new IllegalStateException("an event loop has ended");

    private final AtomicBoolean closed = new AtomicBoolean();

    private Network(String name, int loops, MemoryBudget budget, Transport transport, FatalErrors fatal, Spool spool) {
        this.spool = spool;
        this.transport = transport;
        this.budget = budget;
        // Loops without a group: closing a group starts a thread of Netty's that keeps the process alive for a second.
        this.loops = IntStream.rangeClosed(1, loops)
                .mapToObj(number -> new GuardedLoop(
                        thread(name + "-" + number, fatal),
                        transport.ioHandlers().get(),
                        fatal))
                .map(NettyLoop::new)
                .toList();
        resolver = new Resolver(name);
        channels = new DefaultChannelGroup(this.loops.getFirst().netty(), true);
    }

    /**
     * Starts so many event loops, on native epoll where that can be had, else on NIO.
     *
     * @param name begins the names of its threads
     * @param budget what all its sockets together may hold
     */
    public static Network open(String name, int loops, MemoryBudget budget) {
        return open(name, loops, budget, new FatalErrors(), Spool.temporary());
    }

    /** @param fatal ends the process if one of the loops dies */
    public static Network open(String name, int loops, MemoryBudget budget, FatalErrors fatal, Spool spool) {
        return open(name, loops, budget, Transport.best(), fatal, spool);
    }

    static Network open(String name, int loops, MemoryBudget budget, Transport transport) {
        return open(name, loops, budget, transport, new FatalErrors(), Spool.temporary());
    }

    private static Network open(
            String name, int loops, MemoryBudget budget, Transport transport, FatalErrors fatal, Spool spool) {
        if (loops < 1) {
            throw new IllegalArgumentException(loops + " event loops for " + name + "; 1 is the least");
        }
        return new Network(name, loops, budget, transport, fatal, spool);
    }

    public int loops() {
        return loops.size();
    }

    /** What all its sockets together may hold. */
    public MemoryBudget budget() {
        return budget;
    }

    /** One of the loops, by its number from 0. */
    public NettyLoop loop(int number) {
        return loops.get(number);
    }

    /**
     * Takes an address, and accepts once {@link ListeningSocket#accept} is called. Accepted connections are numbered from 1
     * and spread over the loops in turn.
     *
     * @throws IOException if the address cannot be had; names it and what to do
     */
    public ListeningSocket bind(
            Endpoint endpoint, ApplicationProtocol protocol, Limits limits, ListenOptions options, SocketEvents events)
            throws IOException {
        var tls = tls(endpoint, protocol, limits, options);
        UnixSocketFile file = null;
        Channel channel;
        try {
            switch (endpoint.address()) {
                case Inet(var host, int port) -> {
                    channel = transport.serverSocket().get();
                    channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
                    channel.config().setOption(ChannelOption.SO_BACKLOG, options.backlog());
                    listen(channel, new InetSocketAddress(InetAddress.getByName(host), port), nextLoop());
                }
                case Unix(var path) -> {
                    file = UnixSocketFile.reserve(path);
                    channel = listen(file, options);
                }
            }
        } catch (IOException e) {
            throw BindFailure.explained(endpoint, e);
        }
        return listening(channel, endpoint, protocol, limits, options, events, tls, file, accepted::next);
    }

    /** What has an address accepts here, when it is told to. */
    private ListeningSocket listening(
            Channel channel,
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            ListenOptions options,
            SocketEvents events,
            @Nullable ServerTls tls,
            @Nullable UnixSocketFile file,
            LongSupplier ids) {
        var bound = channel.localAddress() instanceof InetSocketAddress at ? endpoint.withPort(at.getPort()) : endpoint;
        var spec = new SocketSpec(
                bound, protocol, limits, events, budget, new OpenRequests(), spool, SocketSpec.noneOpen());
        var admission = new Admission(
                "listener " + bound,
                limits.maxConnections(),
                new PerAddress(options.maxPerAddress()),
                descriptors,
                events::refused);
        Predicate<Channel> passedOn = child -> ProxyHeader.isDue(child, options);
        var acceptor = new Acceptor("listener " + bound, admission, passedOn, this::nextLoop, loop -> {
            long id = ids.getAsLong();
            return child -> {
                channels.add(child);
                var connection = new ChannelSocket(spec, loop, Peers.of(child, id, bound));
                Pipelines.carryAccepted(connection.lifecycle(), spec, child, options, admission, tls);
            };
        });
        Pipelines.single(channel, acceptor);
        var socket = new ListeningSocket(bound, channel, spec, tls, file);
        listeners.add(socket);
        return socket;
    }

    /** As {@link #bind}, for datagrams, of which none may be longer than a message. */
    public PacketSocket bindPackets(Endpoint endpoint, Limits limits, PacketEvents events) throws IOException {
        var channel = transport.packetSocket().get();
        channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM));
        var loop = nextLoop();
        Pipelines.single(channel, new PacketSocket.Receiver(limits.maxPackageBytes(), events));
        try {
            listen(channel, new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port()), loop);
        } catch (IOException e) {
            throw BindFailure.explained(endpoint, e);
        }
        var socket = new PacketSocket(endpoint.withPort(channel.localAddress().getPort()), loop, channel, events);
        listeners.add(socket);
        return socket;
    }

    /**
     * Ids of accepted connections begin with this node's number; before an address is taken.
     *
     * @param isOpen whether a connection has that id
     */
    public void numberedFor(int node, LongPredicate isOpen) {
        accepted.of(node, isOpen);
    }

    /** The first of so many ids that are given to no accepted connection of this process. */
    public long takeIds(int count) {
        return accepted.take(count);
    }

    /** Whether listening sockets can be handed to other processes here. */
    public static boolean canLend() {
        return Transport.best().adoption().isPresent();
    }

    /**
     * Hands out listening sockets to who asks there with the secret; closing the result ends that.
     *
     * @param sockets by the number by which they are asked for
     */
    public AutoCloseable lendListeners(Path socketFile, String secret, Map<Integer, ListeningSocket> sockets)
            throws IOException {
        var loop = loops.getFirst();
        var channel = listenPrivately(socketFile, loop);
        var lending = new ListenerLending(socketFile, channel);
        String name = lending.toString();
        var acceptor = new Acceptor(name, Admission.ofAll(name), _ -> false, () -> loop, _ -> child -> {
            channels.add(child);
            Pipelines.single(child, new ListenerLending.Lender(secret, sockets));
        });
        Pipelines.single(channel, acceptor);
        channel.config().setAutoRead(true);
        listeners.add(lending);
        return lending;
    }

    /** The descriptors of listening sockets of another process, in the order in which they are wanted. Waits for them. */
    public List<Integer> borrowListeners(Path socketFile, String secret, List<Integer> wanted) throws IOException {
        refuseOnLoop();
        var borrowed = new BorrowedListeners(secret, wanted);
        transport.adoption().orElseThrow().connect(socketFile, borrowed, loops.getFirst());
        try {
            return borrowed.all().get(LEND_SECONDS, TimeUnit.SECONDS).stream()
                    .map(FileDescriptor::intValue)
                    .toList();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the manager gives no listening sockets: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for listening sockets", e);
        }
    }

    /**
     * Accepts from a listening socket of another process, once {@link ListeningSocket#accept} is called.
     *
     * @param ids of connections, in the order of accepting
     */
    public ListeningSocket adopt(
            int descriptor,
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            ListenOptions options,
            SocketEvents events,
            LongSupplier ids)
            throws IOException {
        var tls = tls(endpoint, protocol, limits, options);
        var channel = transport.adoption().orElseThrow().adopted(descriptor, endpoint.address() instanceof Unix);
        channel.config().setAutoRead(false);
        var registered = nextLoop().netty().register(channel).awaitUninterruptibly();
        if (!registered.isSuccess()) {
            throw new IOException("the network is closed", registered.cause());
        }
        channels.add(channel);
        return listening(channel, endpoint, protocol, limits, options, events, tls, null, ids);
    }

    private static @Nullable ServerTls tls(
            Endpoint endpoint, ApplicationProtocol protocol, Limits limits, ListenOptions options) throws IOException {
        if (options.tls().isEmpty()) {
            return null;
        }
        try {
            return new ServerTls(options.tls().get(), protocol, limits.connectTimeout());
        } catch (IOException | RuntimeException e) {
            throw new IOException("cannot listen on " + endpoint + ": " + e.getMessage(), e);
        }
    }

    /** The file is in its place, with its mode, when this returns. */
    private Channel listen(UnixSocketFile file, ListenOptions options) throws IOException {
        var channel = transport.unixServerSocket().get();
        channel.config().setOption(ChannelOption.SO_BACKLOG, options.backlog());
        try {
            listen(channel, transport.unixAddress().apply(file.bound()), nextLoop());
            file.publish(options.fileMode());
            return channel;
        } catch (IOException | RuntimeException e) {
            var _ = channel.close();
            file.giveUp();
            throw e;
        }
    }

    /** Where a service manager hears of this process; see {@link NotifySocket#open}. */
    public Optional<NotifySocket> notifySocket(String name) {
        refuseOnLoop();
        var socket = NotifySocket.open(name, loops.getFirst());
        socket.ifPresent(opened -> channels.add(opened.channel()));
        return socket;
    }

    /** Certificates of outgoing connections are read again; those of listeners are asked for one by one. */
    public void forgetFiles() {
        clientTls.forgetFiles();
    }

    /**
     * Opens an outgoing connection and returns at once; what is sent before it is open waits for that. Its id is negative.
     * Its host name is looked up off the loop; its connect timeout covers that, TCP and the WebSocket handshake.
     */
    public Socket connect(
            NettyLoop loop,
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            Optional<Tls.Client> tls,
            SocketEvents events) {
        if (!endpoint.path().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("the path '" + endpoint.path() + "' of " + endpoint.hostAndPort()
                    + " has a character that must be percent-encoded");
        }
        if (closed.get()) {
            throw new IllegalStateException("cannot connect to " + endpoint + ": the network is closed");
        }
        var spec = new SocketSpec(endpoint, protocol, limits, events, budget, new OpenRequests(), spool, outgoing);
        var socket = new ChannelSocket(spec, loop, Peers.expected(endpoint, -dialled.incrementAndGet()));
        var dial = new Dial(socket.lifecycle(), spec, transport, descriptors, channels);
        loop.execute(() -> dial.start(resolver, tls.map(settings -> () -> clientTls.to(endpoint, settings, protocol))));
        return socket;
    }

    /**
     * Listens on a Unix socket for the links of children, which all belong to {@code loop}. Closing the result ends these
     * links and removes the file.
     *
     * @throws IOException if the file cannot be made; names it and what to do
     */
    public AutoCloseable listenLinks(Path socketFile, NettyLoop loop, LinkEvents<FromChild> events) throws IOException {
        var channel = listenPrivately(socketFile, loop);
        var server = new LinkServer(socketFile, channel);
        String name = "links on " + socketFile;
        var acceptor = new Acceptor(name, Admission.ofAll(name), _ -> false, () -> loop, itsLoop -> child -> {
            channels.add(child);
            server.prepare(child, itsLoop, events);
        });
        Pipelines.single(channel, acceptor);
        channel.config().setAutoRead(true);
        listeners.add(server);
        return server;
    }

    private Channel listenPrivately(Path socketFile, NettyLoop loop) throws IOException {
        var channel = transport.unixServerSocket().get();
        try {
            if (Files.exists(socketFile)) {
                throw new FileAlreadyExistsException(socketFile.toString()); // native epoll would replace it
            }
            listen(channel, transport.unixAddress().apply(socketFile), loop);
        } catch (IOException e) {
            throw BindFailure.explained(socketFile, e);
        }
        return channel;
    }

    /**
     * Ends all: addresses are given back, peers told, what waits to be sent is sent, and after about a second the rest is
     * cut. Returns when the threads of the loops have ended, or a few seconds later if one of them hangs.
     */
    @Override
    public void close() {
        refuseOnLoop();
        if (closed.getAndSet(true)) {
            return;
        }
        listeners.forEach(Network::closeQuietly);
        outgoing.forEach(Socket::shutDown);
        channels.newCloseFuture().awaitUninterruptibly(SocketEnding.LINGER.toMillis() + LAST_MILLIS);
        channels.close().awaitUninterruptibly(LAST_MILLIS);
        var endings = loops.stream()
                .map(loop -> loop.netty().shutdownGracefully(0, LAST_MILLIS, MILLISECONDS))
                .toList();
        endings.forEach(ending -> ending.awaitUninterruptibly(2 * LAST_MILLIS));
        resolver.close();
    }

    /** Waits for the address; accepts nothing yet. */
    private void listen(Channel channel, SocketAddress address, NettyLoop loop) throws IOException {
        refuseOnLoop();
        channel.config().setAutoRead(false);
        var registered = loop.netty().register(channel).awaitUninterruptibly();
        if (!registered.isSuccess()) {
            channel.unsafe().closeForcibly();
            throw new IOException("the network is closed", registered.cause());
        }
        var failure = channel.bind(address).awaitUninterruptibly().cause();
        if (failure != null) {
            var _ = channel.close();
            throw failure instanceof IOException known ? known : new IOException(failure.toString(), failure);
        }
        channels.add(channel);
    }

    private NettyLoop nextLoop() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    private void refuseOnLoop() {
        if (loops.stream().anyMatch(NettyLoop::inLoop)) {
            throw new IllegalStateException("this waits, and an event loop ("
                    + Thread.currentThread().getName() + ") must not; call it from another thread");
        }
    }

    /** Netty logs why a loop ends, and nothing else; without memory not even that, and the error comes here. */
    private void live(Runnable loop, FatalErrors fatal) {
        Throwable why = ended;
        try {
            loop.run();
        } catch (Throwable e) { // nobody else would hear of it
            why = e;
        }
        if (!closed.get()) {
            fatal.uncaughtException(Thread.currentThread(), why);
        }
    }

    private static void closeQuietly(AutoCloseable listener) {
        try {
            listener.close();
        } catch (Exception e) {
            LOG.warn("closing {} failed", listener, e);
        }
    }

    private ThreadFactory thread(String name, FatalErrors fatal) {
        return loop -> {
            var thread = new FastThreadLocalThread(() -> live(loop, fatal), name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
