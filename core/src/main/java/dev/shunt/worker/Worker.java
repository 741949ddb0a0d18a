package dev.shunt.worker;

import dev.shunt.engine.Engine;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Protocol;
import dev.shunt.plan.Group;
import dev.shunt.plan.Listener;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Slot;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A worker in Workerman's words: an address to listen on, callbacks, and how many slots run them. Construct one or more,
 * then {@link #runAll} runs them all. Handlers may block: by default they run on {@code count} slots of one child process,
 * and no message waits while a slot is free. Code before {@code runAll} runs in every process; what only workers need
 * belongs into {@link #onWorkerStart}.
 */
public final class Worker {

    private final @Nullable Endpoint endpoint;
    private final @Nullable Protocol protocol;
    private final WorkerCallbacks callbacks = new WorkerCallbacks(this);
    private String name = "none";
    private int count = 1;
    private int processes = 1;
    private Placement placement = Placement.CHILDREN;
    private boolean virtual;
    private List<String> jvmOptions = List.of();
    private Limits limits = Limits.DEFAULT;

    /** A worker that listens nowhere: its {@link #onWorkerStart} may run timers and open connections. */
    public Worker() {
        this(null, null);
    }

    /**
     * @param address {@code scheme://host:port}, the scheme being tcp, text, frame, websocket, or one given to
     *     {@link #protocol}
     * @throws IllegalArgumentException if the address cannot be read or nothing is known of its scheme
     */
    public Worker(String address) {
        this(Endpoint.parse(address), Program.protocolToListen(Endpoint.parse(address)));
    }

    private Worker(@Nullable Endpoint endpoint, @Nullable Protocol protocol) {
        this.endpoint = endpoint;
        this.protocol = protocol;
        Engine.enter();
        Program.add(this);
    }

    /** Makes a protocol of the user's own known under a scheme, before any worker or connection names it. */
    public static void protocol(String scheme, Protocol protocol) {
        Program.register(scheme, protocol);
    }

    /** How many messages are handled at once; not how many processes, see {@link #processes}. Default 1. */
    public Worker count(int value) {
        count = value;
        return this;
    }

    /** Shown in logs and errors. Default "none", made unique by its address. */
    public Worker name(String value) {
        name = value;
        return this;
    }

    /** How many child processes host the {@code count} slots. Default 1. */
    public Worker processes(int value) {
        processes = value;
        return this;
    }

    /** Where handlers run: in children (default), on slots in this process, or on the event loop, where none may block. */
    public Worker placement(Placement value) {
        placement = value;
        return this;
    }

    /** Slots are virtual threads: a handler that waits holds no platform thread. */
    public Worker virtual(boolean value) {
        virtual = value;
        return this;
    }

    /** JVM options of this worker's children, such as {@code -Xmx1g}; they win over the defaults. */
    public Worker jvmOptions(String... options) {
        jvmOptions = List.of(options);
        return this;
    }

    /** Longest message accepted, in bytes; a longer one closes its connection. Default 10 MiB. */
    public Worker maxPackageSize(int bytes) {
        limits = limits.withMaxPackageBytes(bytes);
        return this;
    }

    /** How much may wait to be sent on one connection; more is refused. Default 1 MiB. */
    public Worker maxSendBufferSize(int bytes) {
        limits = limits.withMaxSendBytes(bytes);
        return this;
    }

    /** On every slot, on its own thread, before it gets messages; connections are accepted when all have returned. */
    public Worker onWorkerStart(WorkerCallback callback) {
        callbacks.workerStart = callback;
        return this;
    }

    /** On every slot that stops in order. */
    public Worker onWorkerStop(WorkerCallback callback) {
        callbacks.workerStop = callback;
        return this;
    }

    public Worker onConnect(ConnectionCallback callback) {
        callbacks.connect = callback;
        return this;
    }

    public Worker onMessage(MessageCallback callback) {
        callbacks.message = callback;
        return this;
    }

    /** Exactly once per connection, also when the program's stop closes it. */
    public Worker onClose(ConnectionCallback callback) {
        callbacks.close = callback;
        return this;
    }

    /** A message was refused because too much waits to be sent: code 2; {@code send} returns false as well. */
    public Worker onError(ErrorCallback callback) {
        callbacks.error = callback;
        return this;
    }

    /** What waited to be sent has been sent. */
    public Worker onBufferDrain(ConnectionCallback callback) {
        callbacks.bufferDrain = callback;
        return this;
    }

    /** In a handler: 0 to count - 1, the slot it runs on; stable over restarts. */
    public int id() {
        return Engine.current()
                .slot()
                .map(Slot::index)
                .orElseThrow(() -> new IllegalStateException("id() is known on a worker's own thread only"));
    }

    public String name() {
        return name;
    }

    public int count() {
        return count;
    }

    /**
     * Runs every worker constructed so far until the program is stopped. In a child process it does not return.
     *
     * @param args the program's; "start" alone is accepted as in Workerman, other Workerman commands are refused with what
     *     to do instead, everything else is the program's own
     */
    public static void runAll(String... args) {
        Program.runAll(args);
    }

    /** Replaces all child processes one by one, each by one that serves already when the old one ends; from any worker. */
    public static void reloadAll() {
        Engine.current().reload(false);
    }

    /** Stops the whole program in order; from any worker. */
    public static void stopAll() {
        Engine.current().shutdown();
    }

    void failed(TcpConnection connection, int code, String text) {
        TcpConnection.call(callbacks.error, connection, code, text);
    }

    String groupName() {
        return endpoint == null || !name.equals("none") ? name : endpoint.toString();
    }

    Group group() {
        return new Group(
                groupName(),
                placement,
                count,
                placement == Placement.CHILDREN ? processes : 0,
                virtual,
                jvmOptions,
                Optional.empty(),
                _ -> callbacks.workerStart.on(this),
                _ -> callbacks.workerStop.on(this));
    }

    Optional<Listener> listener() {
        return endpoint == null || protocol == null
                ? Optional.empty()
                : Optional.of(new Listener(endpoint, protocol, limits, groupName(), callbacks.handlers()));
    }
}
