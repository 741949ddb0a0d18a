package dev.shunt.engine.manager;

import dev.shunt.control.Access;
import dev.shunt.control.Answered;
import dev.shunt.control.AnsweringThreads;
import dev.shunt.control.Asked;
import dev.shunt.control.Audit;
import dev.shunt.control.ConsoleSettings;
import dev.shunt.control.ControlApi;
import dev.shunt.control.Login;
import dev.shunt.control.MetricsFormat;
import dev.shunt.control.Pages;
import dev.shunt.control.Reply;
import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.DeadLettersWire;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.log.Log;
import dev.shunt.net.Endpoint;
import dev.shunt.net.ListenOptions;
import dev.shunt.netty.Spool;
import dev.shunt.plan.ControlSettings;
import dev.shunt.plan.ControlSettings.Probes;
import dev.shunt.process.Child;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * How a manager is asked and steered: its API, the threads that answer, and the socket in its directory. Opened beside all
 * else that starts; closed after the program has stopped, so that it can be watched doing so.
 */
final class ControlDoor implements AutoCloseable {

    private static final Logger LOG = Log.of(ControlDoor.class);
    private static final int THREADS = 8;

    /** More than may wait for what is done with many dead letters. */
    private static final int ACTING_THREADS = DeadJobs.MAX_WAITING + THREADS;

    private static final int WAITING = 256;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final ManagerParts parts;
    private final ProgramFiles files;
    private final FatalErrors fatal;
    private final ExecutorService threads = pool("shunt-control-", THREADS, WAITING);
    private final ExecutorService acting = pool("shunt-control-act-", ACTING_THREADS, WAITING);
    private final AnsweringThreads answering = new AnsweringThreads(threads, acting);
    private final ExecutorService bulk = pool("shunt-control-bulk-", 1, Integer.MAX_VALUE);
    private final ManagerControl control;
    private final ControlApi api;

    /** Of the console, once it is there. */
    private volatile @Nullable String url;

    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private CompletableFuture<@Nullable ControlServer> opened = CompletableFuture.completedFuture(null);

    ControlDoor(ManagerParts parts, ProgramFiles files, Shutdown shutdown, ManagerEngine engine, FatalErrors fatal) {
        this.parts = parts;
        this.files = files;
        this.fatal = fatal;
        control = new ManagerControl(parts, files, shutdown, engine, bulk);
        api = new ControlApi(control, parts.ports().clock(), new Audit());
        engine.controlledBy(this::ask);
    }

    /** Threads that end when there is nothing to do; what is more than may wait is refused. */
    private static ExecutorService pool(String name, int threads, int waiting) {
        var pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                waiting == Integer.MAX_VALUE ? new LinkedBlockingQueue<>() : new ArrayBlockingQueue<>(waiting),
                Thread.ofPlatform().daemon().name(name, 1).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    ControlApi api() {
        return api;
    }

    /**
     * Begins to; {@link #serving} waits for it, and {@link #failure} tells before that if it cannot be.
     *
     * @throws IllegalStateException if something that is asked for is not there
     */
    void open() {
        control.health().begin();
        if (settings().metrics().isPresent() && metricsFormat().isEmpty()) {
            throw new IllegalStateException(MetricsFormat.MISSING + ", or leave the call metrics(...) out");
        }
        var pages = settings().console().map(_ -> pages());
        var login = settings().console().flatMap(this::login);
        if (settings().socket()
                || settings().console().isPresent()
                || settings().metrics().isPresent()) {
            opened = CompletableFuture.supplyAsync(() -> listen(pages, login), threads);
            var _ = opened.whenComplete((_, problem) -> {
                if (problem != null) {
                    reasonToEnd(problem).ifPresent(failure::completeExceptionally);
                }
            });
        }
    }

    /** Fails when the program cannot be asked where it was told to be; else goes on for ever. */
    CompletableFuture<Void> failure() {
        return failure;
    }

    private ControlSettings settings() {
        return parts.plan().settings().processes().control();
    }

    private ControlServer listen(Optional<Pages> pages, Optional<Login> login) {
        files.write("starting", List.of(), Optional.empty());
        var metrics = metricsFormat().map(format -> format.open(control::measures));
        var server =
                new ControlServer(api, answering, fatal, new Spool(files.run().spool()), metrics);
        try {
            if (settings().socket()) {
                var _ = server.listen(files.control());
            }
            settings().console().ifPresent(console -> listen(server, console, pages.orElseThrow(), login));
            settings().metrics().ifPresent(probes -> listen(server, probes));
            return server;
        } catch (IOException e) {
            server.close();
            throw new CompletionException(e);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private Optional<Login> login(ConsoleSettings console) {
        try {
            return console.login().isEmpty()
                    ? Optional.empty()
                    : Optional.of(Login.of(console.login().get(), parts.ports().clock()));
        } catch (IOException e) {
            throw notOpened(console, e);
        }
    }

    private void listen(ControlServer server, ConsoleSettings console, Pages pages, Optional<Login> login) {
        try {
            var access = Access.of(console, login, pages);
            var address = new Endpoint("http", console.host(), console.port(), "/");
            var at = server.listen(address, ListenOptions.DEFAULT, access).endpoint();
            url = "http://" + at.hostAndPort() + '/';
            LOG.info("console on {}", url);
        } catch (IOException e) {
            throw notOpened(console, e);
        }
    }

    private static IllegalStateException notOpened(ConsoleSettings console, IOException why) {
        return new IllegalStateException(
                "the console on " + console.host() + ':' + console.port() + " cannot be opened: " + why.getMessage(),
                why);
    }

    private static void listen(ControlServer server, Probes probes) {
        try {
            var address = new Endpoint("http", probes.host(), probes.port(), "/");
            var at = server.listen(address, ListenOptions.DEFAULT, Access.OF_PROBES)
                    .endpoint();
            LOG.info("metrics on http://{}/metrics", at.hostAndPort());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the metrics on " + probes.host() + ':' + probes.port() + " cannot be opened: " + e.getMessage(),
                    e);
        }
    }

    /** Looked for when the program starts; empty without the module. */
    private static Optional<MetricsFormat> metricsFormat() {
        return ServiceLoader.load(MetricsFormat.class, MetricsFormat.class.getClassLoader())
                .findFirst()
                .filter(MetricsFormat::isUsable);
    }

    private static Pages pages() {
        return ServiceLoader.load(Pages.class, Pages.class.getClassLoader())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("console(...) needs the module shunt-console, which is not on"
                                + " the class path; add dev.shunt:shunt-console, or leave the call out"));
    }

    /**
     * The program serves from now on.
     *
     * @throws IllegalStateException if it cannot be asked where it was told to be, or there is no console where one is to be
     */
    void serving() {
        try {
            if (opened.join() != null) {
                threads.execute(control::readDeadLetters);
                var listeners = parts.listeners().endpoints();
                files.write(
                        "running", listeners.stream().map(Endpoint::toString).toList(), Optional.ofNullable(url));
            }
        } catch (CompletionException e) {
            var reason = reasonToEnd(e);
            if (reason.isPresent()) {
                throw reason.get();
            }
            LOG.warn("{}; runDirectory(...) chooses another place, controlSocket(false) is none", problem(e));
        }
        control.state().started();
    }

    /** Why the program must not run without it; empty if it may. */
    private Optional<IllegalStateException> reasonToEnd(Throwable thrown) {
        var cause = thrown.getCause() == null ? thrown : thrown.getCause();
        if (cause instanceof IllegalStateException told) {
            return Optional.of(told);
        }
        return settings().runDirectory().isPresent()
                ? Optional.of(new IllegalStateException(problem(thrown), cause))
                : Optional.empty();
    }

    private static String problem(Throwable thrown) {
        var cause = thrown.getCause() == null ? thrown : thrown.getCause();
        return "the program cannot be asked or steered: " + cause.getMessage();
    }

    /** What is asked by others than through the socket; answered by the threads for that. */
    CompletableFuture<Reply> ask(Asked asked) {
        return CompletableFuture.supplyAsync(
                () -> asked.path().equals(DeadLettersWire.PATH)
                        ? deadLetters(asked)
                        : api.answer(asked).reply(),
                answering.of(asked.method()));
    }

    private Reply deadLetters(Asked asked) {
        try {
            return DeadLettersWire.reply(parts.journal()
                    .now(log -> log.deadTasks(
                            DeadLettersWire.afterId(asked), DeadLettersWire.limit(asked), DeadPages.MAX_LIST_BYTES)));
        } catch (IllegalStateException e) {
            return Answered.refused(503, String.valueOf(e.getMessage())).reply();
        }
    }

    /** A child has asked. */
    void ask(Child child, Frame.AskControl frame) {
        var asked = ((Payload.Inline) frame.asked()).data(Codec.json()).as(Asked.class);
        var _ = ask(asked)
                .whenComplete((reply, problem) -> parts.ports()
                        .main()
                        .execute(() -> child.send(new Frame.Controlled(
                                frame.number(),
                                Payload.inline(Data.of(
                                        reply == null
                                                ? Answered.refused(503, String.valueOf(problem))
                                                        .reply()
                                                : reply))))));
    }

    @Override
    public void close() {
        threads.shutdown();
        acting.shutdown();
        bulk.shutdownNow();
        try {
            ControlServer server = opened.getNow(null);
            if (server != null) {
                server.close();
            }
        } catch (CompletionException e) {
            LOG.debug("it never opened", e);
        }
    }
}
