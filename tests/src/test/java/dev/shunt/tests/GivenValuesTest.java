package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.shunt.http.Cookie;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.ServerSentEvent;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.Heartbeat;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.plan.ProcessSettings;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.Settings;
import dev.shunt.plan.Timing;
import dev.shunt.plan.WhenFull;
import dev.shunt.server.Server;
import dev.shunt.server.ServerSettings;
import dev.shunt.server.TaskGroup;
import dev.shunt.task.RateLimit;
import dev.shunt.task.Retry;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.ManualEngine;
import dev.shunt.worker.AsyncTcpConnection;
import dev.shunt.worker.Timer;
import dev.shunt.worker.Worker;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every public call that takes a duration, a time, seconds or a count: what makes no sense throws where it is given, with
 * the call, the value and the remedy; the longest means for ever. A call that no table here has is an error, too.
 */
class GivenValuesTest {

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private static final Set<String> PACKAGES =
            Set.of("calls", "http", "net", "protocol", "server", "task", "worker", "plan");

    /** Of those, what a program cannot reach. */
    private static final Set<String> INSIDE =
            Set.of("TaskSpecBuilder", "Group", "TaskSpec", "TaskTypes", "Slot", "Plan", "OptionsFormat", "FaceState");

    /** What is said before the start, or of one task; numbers elsewhere are ids, indexes and codes. */
    private static final Set<String> WITH_COUNTS = Set.of(
            "ServerSettings",
            "TaskGroup",
            "Worker",
            "TaskOptions",
            "RateLimit",
            "QueueLimit",
            "Limits",
            "Settings",
            "TaskHandlerDeclarations",
            "LimitDeclarations",
            "AddressDeclarations",
            "ListenOptions",
            "HttpProtocol");

    private static final Set<String> NO_TIMES = Set.of(
            "Timing$Cron.next(Instant)", "TaskHandle.await(Duration)", "new ConnectionInfo", "new TaskQueue$NodeInfo");

    /** Negative means any; and bytes, of which a million are the least; and what each of its calls with numbers calls. */
    private static final Set<String> NO_COUNTS = Set.of(
            "new HttpProtocol",
            "TaskOptions.slot(int)",
            "QueueLimit.forEachOf(int)",
            "LimitDeclarations.sharedMap(int,long)",
            "ServerSettings.maxConnectionMemory(long)",
            "Worker.maxConnectionMemory(long)");

    /** What is the least that makes sense. */
    private enum Least {
        ABOVE_ZERO,
        ZERO,
        A_MILLISECOND;

        boolean allows(Duration value) {
            return switch (this) {
                case ABOVE_ZERO -> value.isPositive();
                case ZERO -> !value.isNegative();
                case A_MILLISECOND -> value.compareTo(Duration.ofMillis(1)) >= 0;
            };
        }
    }

    /** @param name of the call, as its message says it */
    record Span(String signature, String name, Least least, Consumer<Duration> call) {
        @Override
        public String toString() {
            return signature;
        }
    }

    /** @param least the least that is allowed */
    record Count(String signature, String name, int least, IntConsumer call) {
        @Override
        public String toString() {
            return signature;
        }
    }

    private static final Queue<Runnable> calls = new ArrayDeque<>();

    private static final Server server = new Server("127.0.0.1", 0)
            .set(settings -> settings.taskWorkerNum(1).inProcess(true))
            .onReceive((_, _) -> {})
            .onTask(task -> {
                if (task.data().text().equals("call")) {
                    calls.remove().run();
                }
                return "done";
            });

    private static final ManualEngine engine = ManualEngine.of(server);

    @AfterAll
    static void close() {
        engine.close();
        Worker.maxWaitTime(Settings.DEFAULT.stopDeadline());
    }

    /** On a slot, as timers want to be. */
    private static void onASlot(Runnable what) {
        var thrown = new Throwable[1];
        calls.add(() -> thrown[0] = catchThrowable(what::run));
        server.task("call");
        engine.runDue();
        if (thrown[0] instanceof RuntimeException e) {
            throw e;
        }
        assertThat(thrown[0]).isNull();
    }

    private static void made(Limits limits) {
        assertThat(limits).isNotNull();
    }

    private static ServerSettings settings(Consumer<ServerSettings> set) {
        var given = new ServerSettings[1];
        new Server("127.0.0.1", 0).set(settings -> {
            set.accept(settings);
            given[0] = settings;
        });
        return given[0];
    }

    static Stream<Span> spans() {
        var options = TaskOptions.DEFAULT;
        return Stream.of(
                new Span("TaskOptions.backoff(Duration)", "backoff", Least.ZERO, options::backoff),
                new Span("TaskOptions.delay(Duration)", "delay", Least.ZERO, options::delay),
                new Span("TaskOptions.deadline(Duration)", "deadline", Least.ABOVE_ZERO, options::deadline),
                new Span("TaskOptions.timeout(Duration)", "timeout", Least.ABOVE_ZERO, options::timeout),
                new Span("Retry.after(Duration)", "Retry.after", Least.ZERO, Retry::after),
                new Span("new Retry$After", "Retry.after", Least.ZERO, Retry.After::new),
                new Span("new RateLimit", "rateLimit", Least.ABOVE_ZERO, per -> new RateLimit(1, per)),
                new Span(
                        "TaskHandlerDeclarations.rateLimit(Class,int,Duration)",
                        "rateLimit",
                        Least.ABOVE_ZERO,
                        per -> new Server("127.0.0.1", 0).rateLimit(String.class, 1, per)),
                new Span(
                        "TaskHandlerDeclarations.schedule(String,Duration,Supplier)",
                        "interval",
                        Least.A_MILLISECOND,
                        interval -> new Server("127.0.0.1", 0).schedule("s", century(interval), () -> "task")),
                new Span(
                        "TaskHandlerDeclarations.schedule(String,Duration,TaskOptions,Supplier)",
                        "interval",
                        Least.A_MILLISECOND,
                        interval -> new Server("127.0.0.1", 0)
                                .schedule("s", century(interval), TaskOptions.DEFAULT, () -> "task")),
                new Span(
                        "new Timing$Every",
                        "interval",
                        Least.A_MILLISECOND,
                        interval -> new Timing.Every(century(interval))),
                new Span(
                        "ProgramCalls.tick(Duration,Runnable)",
                        "tick",
                        Least.ABOVE_ZERO,
                        interval -> server.clearTimer(server.tick(interval, () -> {}))),
                new Span(
                        "ProgramCalls.after(Duration,Runnable)",
                        "after",
                        Least.ZERO,
                        delay -> server.clearTimer(server.after(delay, () -> {}))),
                new Span(
                        "TaskCalls.taskWait(Object,Duration)",
                        "taskWait",
                        Least.ZERO,
                        timeout -> server.taskWait("a", timeout)),
                new Span(
                        "TaskCalls.taskWait(Object,Duration,int)",
                        "taskWait",
                        Least.ZERO,
                        timeout -> server.taskWait("a", timeout, 0)),
                new Span(
                        "TaskCalls.taskWaitMulti(List,Duration)",
                        "taskWaitMulti",
                        Least.ZERO,
                        timeout -> server.taskWaitMulti(List.of("a", "b"), timeout)),
                new Span(
                        "TaskCalls.taskCo(List,Duration)",
                        "taskCo",
                        Least.ZERO,
                        timeout -> server.taskCo(List.of("a", "b"), timeout)),
                new Span(
                        "new Limits",
                        "connectTimeout",
                        Least.ABOVE_ZERO,
                        timeout -> made(new Limits(1, 1, 1, timeout, Duration.ZERO))),
                new Span(
                        "new Limits",
                        "closeTimeout",
                        Least.ZERO,
                        timeout -> made(new Limits(1, 1, 1, Duration.ofSeconds(1), timeout))),
                new Span(
                        "new Limits",
                        "messageTimeout",
                        Least.ABOVE_ZERO,
                        timeout -> made(new Limits(
                                1, 1, 1, Duration.ofSeconds(1), Duration.ZERO, timeout, Duration.ofSeconds(1), 1))),
                new Span(
                        "new Limits",
                        "sendTimeout",
                        Least.ABOVE_ZERO,
                        timeout -> made(new Limits(
                                1, 1, 1, Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1), timeout, 1))),
                new Span(
                        "Limits.withMessageTimeout(Duration)",
                        "messageTimeout",
                        Least.ABOVE_ZERO,
                        Limits.DEFAULT::withMessageTimeout),
                new Span(
                        "Limits.withSendTimeout(Duration)",
                        "sendTimeout",
                        Least.ABOVE_ZERO,
                        Limits.DEFAULT::withSendTimeout),
                new Span(
                        "AddressDeclarations.messageTimeout(Duration)",
                        "messageTimeout",
                        Least.ABOVE_ZERO,
                        timeout -> settings(settings -> settings.messageTimeout(timeout))),
                new Span(
                        "AddressDeclarations.sendTimeout(Duration)",
                        "sendTimeout",
                        Least.ABOVE_ZERO,
                        timeout -> settings(settings -> settings.sendTimeout(timeout))),
                new Span(
                        "LimitDeclarations.messageTimeout(Duration)",
                        "messageTimeout",
                        Least.ABOVE_ZERO,
                        timeout -> new Worker().messageTimeout(timeout)),
                new Span(
                        "LimitDeclarations.sendTimeout(Duration)",
                        "sendTimeout",
                        Least.ABOVE_ZERO,
                        timeout -> new Worker().sendTimeout(timeout)),
                new Span(
                        "new Heartbeat",
                        "idleTime",
                        Least.ZERO,
                        time -> new Heartbeat(time, Duration.ZERO, Duration.ZERO, Optional.empty())),
                new Span(
                        "Heartbeat.withIdleTime(Duration)", "idleTime", Least.ABOVE_ZERO, Heartbeat.NONE::withIdleTime),
                new Span(
                        "Heartbeat.withCheckInterval(Duration)",
                        "checkInterval",
                        Least.ABOVE_ZERO,
                        Heartbeat.NONE::withCheckInterval),
                new Span(
                        "Heartbeat.withPing(Duration,Object)",
                        "pingInterval",
                        Least.ABOVE_ZERO,
                        interval -> Heartbeat.NONE.withPing(interval, "ping")),
                new Span(
                        "AddressDeclarations.heartbeatIdleTime(Duration)",
                        "idleTime",
                        Least.ABOVE_ZERO,
                        time -> settings(settings -> settings.heartbeatIdleTime(time))),
                new Span(
                        "AddressDeclarations.heartbeatCheckInterval(Duration)",
                        "checkInterval",
                        Least.ABOVE_ZERO,
                        time -> settings(settings -> settings.heartbeatCheckInterval(time))),
                new Span(
                        "AddressDeclarations.heartbeatPing(Duration,Object)",
                        "pingInterval",
                        Least.ABOVE_ZERO,
                        time -> settings(settings -> settings.heartbeatPing(time, "ping"))),
                new Span(
                        "AddressDeclarations.maxRequestExecutionTime(Duration)",
                        "handlerTimeout",
                        Least.ABOVE_ZERO,
                        time -> settings(settings -> settings.maxRequestExecutionTime(time))),
                new Span(
                        "LimitDeclarations.processTimeout(Duration)",
                        "handlerTimeout",
                        Least.ABOVE_ZERO,
                        time -> new Worker().processTimeout(time)),
                new Span(
                        "ListenOptions.withHandlerTimeout(Duration)",
                        "handlerTimeout",
                        Least.ABOVE_ZERO,
                        ListenOptions.DEFAULT::withHandlerTimeout),
                new Span(
                        "Table.put(String,Object,Duration)",
                        "timeToLive",
                        Least.ABOVE_ZERO,
                        time -> server.table("given").put("key", "value", time)),
                new Span(
                        "Table.putIfAbsent(String,Object,Duration)",
                        "timeToLive",
                        Least.ABOVE_ZERO,
                        time -> server.table("given").putIfAbsent("key", "value", time)),
                new Span(
                        "LimitDeclarations.idleTimeout(Duration)",
                        "idleTime",
                        Least.ABOVE_ZERO,
                        time -> new Worker().idleTimeout(time)),
                new Span(
                        "LimitDeclarations.pingInterval(Duration,Object)",
                        "pingInterval",
                        Least.ABOVE_ZERO,
                        time -> new Worker().pingInterval(time, "ping")),
                new Span(
                        "Limits.withConnectTimeout(Duration)",
                        "connectTimeout",
                        Least.ABOVE_ZERO,
                        Limits.DEFAULT::withConnectTimeout),
                new Span("new HttpProtocol", "keepAlive", Least.ABOVE_ZERO, GivenValuesTest::http),
                new Span(
                        "HttpProtocol.withKeepAlive(Duration)",
                        "keepAlive",
                        Least.ABOVE_ZERO,
                        HttpProtocol.DEFAULT::withKeepAlive),
                new Span(
                        "HttpProtocol.withAnswerTimeout(Duration)",
                        "answerTimeout",
                        Least.ABOVE_ZERO,
                        HttpProtocol.DEFAULT::withAnswerTimeout),
                new Span(
                        "ServerSentEvent.withRetry(Duration)",
                        "retry",
                        Least.ZERO,
                        new ServerSentEvent("tick", 1)::withRetry),
                new Span("Cookie.withMaxAge(Duration)", "maxAge", Least.ZERO, new Cookie("id", "1")::withMaxAge),
                new Span(
                        "new WebSocketProtocol",
                        "pingInterval",
                        Least.ZERO,
                        interval -> new WebSocketProtocol(true, List.of(), interval)),
                new Span(
                        "WebSocketProtocol.withPingInterval(Duration)",
                        "pingInterval",
                        Least.ZERO,
                        WebSocketProtocol.DEFAULT::withPingInterval),
                new Span(
                        "new Settings",
                        "maxWaitTime",
                        Least.ZERO,
                        deadline -> new Settings(
                                1,
                                deadline,
                                QueueLimit.DEFAULT,
                                Optional.empty(),
                                1 << 20,
                                Optional.empty(),
                                ProcessSettings.DEFAULT)),
                new Span(
                        "ServerSettings.maxWaitTime(Duration)",
                        "maxWaitTime",
                        Least.ZERO,
                        deadline -> settings(settings -> settings.maxWaitTime(deadline))),
                new Span("Worker.maxWaitTime(Duration)", "maxWaitTime", Least.ZERO, Worker::maxWaitTime),
                new Span(
                        "AsyncTcpConnection.connectTimeout(Duration)",
                        "connectTimeout",
                        Least.ABOVE_ZERO,
                        timeout -> new AsyncTcpConnection("text://127.0.0.1:1").connectTimeout(timeout)),
                new Span(
                        "AsyncTcpConnection.reconnect(Duration)",
                        "reconnect",
                        Least.ZERO,
                        delay -> onASlot(() -> {
                            var connection = new AsyncTcpConnection("text://127.0.0.1:1");
                            connection.reconnect(delay);
                            connection.cancelReconnect();
                        })));
    }

    /** A schedule that is never due is a mistake: what is above a hundred years is refused. */
    @SuppressWarnings("NullAway") // null is one of what is given
    private static Duration century(Duration interval) {
        return interval == null || interval.compareTo(Duration.ofDays(36_500)) < 0 ? interval : Duration.ofDays(36_500);
    }

    @ParameterizedTest
    @MethodSource("spans")
    void duration_isTaken_orRefusedWithNameValueAndRemedy(Span span) {
        for (var value : List.of(
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ofNanos(-1),
                Duration.ZERO,
                Duration.ofNanos(1),
                Duration.ofMillis(1),
                Duration.ofSeconds(1),
                Duration.ofNanos(Long.MAX_VALUE),
                Duration.ofMillis(Long.MAX_VALUE),
                FOREVER)) {
            if (span.least.allows(value)) {
                span.call.accept(value);
            } else {
                assertThatThrownBy(() -> span.call.accept(value))
                        .as(value.toString())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(span.name)
                        .hasMessageContaining(value.toString())
                        .hasMessageContaining("give ");
            }
        }
        assertThatThrownBy(() -> span.call.accept(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining(span.name)
                .hasMessageContaining("null")
                .hasMessageContaining("a value is needed");
    }

    private static final Map<String, Consumer<Double>> SECONDS = Map.of(
            "Timer.add(double,Runnable)", seconds -> onASlot(() -> Timer.del(Timer.add(seconds, () -> {}))),
            "Timer.add(double,Runnable,boolean)",
                    seconds -> onASlot(() -> Timer.del(Timer.add(seconds, () -> {}, true))),
            "AsyncTcpConnection.reconnect(double)",
                    seconds -> onASlot(() -> {
                        var connection = new AsyncTcpConnection("text://127.0.0.1:1");
                        connection.reconnect(seconds);
                        connection.cancelReconnect();
                    }));

    @Test
    void seconds_areTaken_orRefusedWithNameValueAndRemedy() {
        SECONDS.forEach((signature, call) -> {
            for (double value : new double[] {Double.NaN, -1, -Double.MIN_VALUE, Double.NEGATIVE_INFINITY}) {
                assertThatThrownBy(() -> call.accept(value))
                        .as(signature + " " + value)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(signature.contains("Timer") ? "Timer.add" : "reconnect")
                        .hasMessageContaining(Double.toString(value))
                        .hasMessageContaining("give ");
            }
            for (double value : new double[] {0.001, 1, 1e18, Double.MAX_VALUE, Double.POSITIVE_INFINITY}) {
                call.accept(value);
            }
        });
        onASlot(() -> Timer.add(0, () -> {}, false));
        assertThatThrownBy(() -> onASlot(() -> Timer.add(0, () -> {})))
                .hasMessageContaining("Timer.add(PT0S)")
                .hasMessageContaining("once");
    }

    private static final Map<String, Consumer<Instant>> TIMES =
            Map.of("TaskOptions.at(Instant)", TaskOptions.DEFAULT::at);

    @Test
    void times_areTaken_nullIsRefused() {
        TIMES.forEach((signature, call) -> {
            for (var value : List.of(
                    Instant.MIN,
                    Instant.ofEpochMilli(Long.MIN_VALUE),
                    Instant.EPOCH,
                    Instant.ofEpochMilli(Long.MAX_VALUE),
                    Instant.MAX)) {
                call.accept(value);
            }
            assertThatThrownBy(() -> call.accept(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("at(null): a value is needed");
        });
    }

    static Stream<Count> counts() {
        return Stream.of(
                new Count(
                        "AddressDeclarations.backlog(int)",
                        "backlog",
                        1,
                        count -> settings(settings -> settings.backlog(count))),
                new Count(
                        "AddressDeclarations.maxConnectionsPerAddress(int)",
                        "maxConnectionsPerAddress",
                        1,
                        count -> settings(settings -> settings.maxConnectionsPerAddress(count))),
                new Count(
                        "AddressDeclarations.maxWaitingPackets(int)",
                        "maxWaitingPackets",
                        1,
                        count -> settings(settings -> settings.maxWaitingPackets(count))),
                new Count(
                        "LimitDeclarations.maxWaitingPackets(int)",
                        "maxWaitingPackets",
                        1,
                        count -> new Worker().maxWaitingPackets(count)),
                new Count(
                        "ListenOptions.withMaxWaitingPackets(int)",
                        "maxWaitingPackets",
                        1,
                        ListenOptions.DEFAULT::withMaxWaitingPackets),
                new Count("LimitDeclarations.backlog(int)", "backlog", 1, count -> new Worker().backlog(count)),
                new Count(
                        "LimitDeclarations.maxConnectionsPerAddress(int)",
                        "maxConnectionsPerAddress",
                        1,
                        count -> new Worker().maxConnectionsPerAddress(count)),
                new Count("HttpProtocol.withMaxRequests(int)", "maxRequests", 1, HttpProtocol.DEFAULT::withMaxRequests),
                new Count("HttpProtocol.withMaxBody(long)", "maxBody", 0, HttpProtocol.DEFAULT::withMaxBody),
                new Count("HttpProtocol.withMaxLine(int)", "maxLine", 256, HttpProtocol.DEFAULT::withMaxLine),
                new Count("HttpProtocol.withMaxHeaders(int)", "maxHeaders", 256, HttpProtocol.DEFAULT::withMaxHeaders),
                new Count("ListenOptions.withBacklog(int)", "backlog", 1, ListenOptions.DEFAULT::withBacklog),
                new Count(
                        "ListenOptions.withMaxPerAddress(int)",
                        "maxConnectionsPerAddress",
                        1,
                        ListenOptions.DEFAULT::withMaxPerAddress),
                new Count(
                        "new ListenOptions",
                        "backlog",
                        1,
                        count -> new ListenOptions(
                                count,
                                Optional.empty(),
                                Optional.empty(),
                                Heartbeat.NONE,
                                1,
                                List.of(),
                                1,
                                Optional.empty())),
                new Count("TaskOptions.retries(int)", "retries", 0, TaskOptions.DEFAULT::retries),
                new Count("new RateLimit", "rateLimit", 1, count -> new RateLimit(count, Duration.ofDays(1))),
                new Count(
                        "TaskHandlerDeclarations.rateLimit(Class,int,Duration)",
                        "rateLimit",
                        1,
                        count -> new Server("127.0.0.1", 0).rateLimit(String.class, count, Duration.ofDays(1))),
                new Count(
                        "new QueueLimit",
                        "maxQueuedTasks",
                        1,
                        max -> new QueueLimit(
                                max, QueueLimit.SHARE, 1, QueueLimit.SHARE, QueueLimit.SHARE, WhenFull.REJECT)),
                new Count("QueueLimit.withMaxTasks(int)", "maxQueuedTasks", 1, QueueLimit.DEFAULT::withMaxTasks),
                new Count("QueueLimit.withMaxBytes(long)", "maxQueuedBytes", 1, QueueLimit.DEFAULT::withMaxBytes),
                new Count(
                        "QueueLimit.withMaxDelayedBytes(long)",
                        "maxDelayedBytes",
                        1,
                        QueueLimit.DEFAULT::withMaxDelayedBytes),
                new Count(
                        "ServerSettings.maxQueuedBytes(long)",
                        "maxQueuedBytes",
                        1,
                        max -> settings(settings -> settings.maxQueuedBytes(max))),
                new Count(
                        "ServerSettings.maxDelayedBytes(long)",
                        "maxDelayedBytes",
                        1,
                        max -> settings(settings -> settings.maxDelayedBytes(max))),
                new Count(
                        "QueueLimit.withMaxResultBytes(long)",
                        "maxResultBytes",
                        1,
                        QueueLimit.DEFAULT::withMaxResultBytes),
                new Count(
                        "ServerSettings.maxResultBytes(long)",
                        "maxResultBytes",
                        1,
                        max -> settings(settings -> settings.maxResultBytes(max))),
                new Count("Worker.maxQueuedBytes(long)", "maxQueuedBytes", 1, Worker::maxQueuedBytes),
                new Count("Worker.maxDelayedTasks(int)", "maxDelayedTasks", 1, Worker::maxDelayedTasks),
                new Count("Worker.maxDelayedBytes(long)", "maxDelayedBytes", 1, Worker::maxDelayedBytes),
                new Count("QueueLimit.withMaxDelayed(int)", "maxDelayedTasks", 1, QueueLimit.DEFAULT::withMaxDelayed),
                new Count(
                        "ServerSettings.maxDelayedTasks(int)",
                        "maxDelayedTasks",
                        1,
                        max -> settings(settings -> settings.maxDelayedTasks(max))),
                new Count(
                        "ServerSettings.workerNum(int)",
                        "workerNum",
                        0,
                        count -> settings(settings -> settings.workerNum(count))),
                new Count(
                        "ServerSettings.workerProcesses(int)",
                        "workerProcesses",
                        1,
                        count -> settings(settings -> settings.workerProcesses(count))),
                new Count(
                        "ServerSettings.taskWorkerNum(int)",
                        "taskWorkerNum",
                        0,
                        count -> settings(settings -> settings.taskWorkerNum(count))),
                new Count(
                        "ServerSettings.taskProcesses(int)",
                        "taskProcesses",
                        0,
                        count -> settings(settings -> settings.taskProcesses(count))),
                new Count(
                        "ServerSettings.maxQueuedTasks(int)",
                        "maxQueuedTasks",
                        1,
                        max -> settings(settings -> settings.maxQueuedTasks(max))),
                new Count(
                        "ServerSettings.taskMaxRequest(int)",
                        "taskMaxRequest",
                        0,
                        max -> settings(settings -> settings.taskMaxRequest(max))),
                new Count(
                        "ServerSettings.taskMaxRequestGrace(int)",
                        "taskMaxRequestGrace",
                        0,
                        max -> settings(settings -> settings.taskMaxRequestGrace(max))),
                new Count(
                        "AddressDeclarations.packageMaxLength(int)",
                        "packageMaxLength",
                        1,
                        bytes -> settings(settings -> settings.packageMaxLength(bytes))),
                new Count(
                        "AddressDeclarations.socketBufferSize(int)",
                        "socketBufferSize",
                        1,
                        bytes -> settings(settings -> settings.socketBufferSize(bytes))),
                new Count("new Limits", "maxPackageBytes", 1, bytes -> new Limits(bytes, 1, 1, FOREVER, FOREVER)),
                new Count("new Limits", "maxSendBytes", 1, bytes -> new Limits(1, bytes, 1, FOREVER, FOREVER)),
                new Count(
                        "new Limits",
                        "maxWaitingMessages",
                        1,
                        messages -> new Limits(1, 1, messages, FOREVER, FOREVER)),
                new Count("Limits.withMaxPackageBytes(int)", "maxPackageBytes", 1, Limits.DEFAULT::withMaxPackageBytes),
                new Count("Limits.withMaxSendBytes(int)", "maxSendBytes", 1, Limits.DEFAULT::withMaxSendBytes),
                new Count(
                        "new Settings",
                        "event loops",
                        1,
                        loops -> new Settings(
                                loops,
                                FOREVER,
                                QueueLimit.DEFAULT,
                                Optional.empty(),
                                1 << 20,
                                Optional.empty(),
                                ProcessSettings.DEFAULT)),
                new Count("Settings.withLoops(int)", "event loops", 1, Settings.DEFAULT::withLoops));
    }

    static Stream<Count> countsOfGroupsAndWorkers() {
        return Stream.of(
                new Count("TaskGroup.slots(int)", "slots", 1, count -> group(group -> group.slots(count))),
                new Count("TaskGroup.processes(int)", "processes", 0, count -> group(group -> group.processes(count))),
                new Count("TaskGroup.maxRequest(int)", "maxRequest", 0, max -> group(group -> group.maxRequest(max))),
                new Count(
                        "TaskGroup.maxRequest(int,int)",
                        "maxRequest",
                        0,
                        max -> group(group -> group.maxRequest(max, max))),
                new Count("Worker.count(int)", "count", 1, count -> new Worker().count(count)),
                new Count("Worker.processes(int)", "processes", 0, count -> new Worker().processes(count)),
                new Count(
                        "LimitDeclarations.maxPackageSize(int)",
                        "maxPackageSize",
                        1,
                        bytes -> new Worker().maxPackageSize(bytes)),
                new Count(
                        "new Limits",
                        "maxConnections",
                        1,
                        count -> new Limits(
                                1,
                                1,
                                1,
                                Duration.ofSeconds(1),
                                Duration.ZERO,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                count)),
                new Count("Limits.withMaxConnections(int)", "maxConnections", 1, Limits.DEFAULT::withMaxConnections),
                new Count(
                        "AddressDeclarations.maxConnections(int)",
                        "maxConnections",
                        1,
                        count -> settings(settings -> settings.maxConnections(count))),
                new Count(
                        "LimitDeclarations.maxConnections(int)",
                        "maxConnections",
                        1,
                        count -> new Worker().maxConnections(count)),
                new Count(
                        "LimitDeclarations.maxSendBufferSize(int)",
                        "maxSendBufferSize",
                        1,
                        bytes -> new Worker().maxSendBufferSize(bytes)),
                new Count("Worker.payloadMemory(long)", "payloadMemory", 0, Worker::payloadMemory),
                new Count("Worker.maxQueuedTasks(int)", "maxQueuedTasks", 1, max -> {
                    Worker.maxQueuedTasks(max);
                    Worker.maxQueuedTasks(QueueLimit.DEFAULT.maxTasks());
                }),
                new Count("Worker.maxResultBytes(long)", "maxResultBytes", 1, max -> {
                    Worker.maxResultBytes(max);
                    Worker.maxResultBytes(64 << 20);
                }),
                new Count("LimitDeclarations.maxRequest(int)", "maxRequest", 0, max -> new Worker().maxRequest(max)),
                new Count(
                        "LimitDeclarations.maxRequest(int,int)",
                        "maxRequest",
                        0,
                        max -> new Worker().maxRequest(max, max)),
                new Count("LimitDeclarations.maxMemory(long)", "maxMemory", 1, max -> new Worker().maxMemory(max)),
                new Count(
                        "LimitDeclarations.taskMaxRequest(int)",
                        "taskMaxRequest",
                        0,
                        max -> new Worker().taskMaxRequest(max)),
                new Count(
                        "LimitDeclarations.taskMaxRequest(int,int)",
                        "taskMaxRequest",
                        0,
                        max -> new Worker().taskMaxRequest(max, max)));
    }

    private static void http(Duration keepAlive) {
        var given = HttpProtocol.DEFAULT;
        var _ = new HttpProtocol(
                given.webSocket(),
                keepAlive,
                given.answerTimeout(),
                given.maxRequests(),
                given.maxBody(),
                given.compression(),
                given.allowedOrigins(),
                given.trustedProxies(),
                given.streaming(),
                given.maxLine(),
                given.maxHeaders());
    }

    private static void group(Consumer<TaskGroup> set) {
        new Server("127.0.0.1", 0).taskGroup("group", set);
    }

    @ParameterizedTest
    @MethodSource({"counts", "countsOfGroupsAndWorkers"})
    void count_isTaken_orRefusedWithNameValueAndRemedy(Count count) {
        count.call.accept(count.least);
        count.call.accept(1_000);
        for (int value : new int[] {count.least - 1, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> count.call.accept(value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(count.name)
                    .hasMessageContaining(Integer.toString(value))
                    .hasMessageMatching("(?s).*give " + count.least + ".*");
        }
    }

    @Test
    void everyCallWithADurationOrATime_isInATable() {
        var known = Stream.of(
                        spans().map(Span::signature),
                        SECONDS.keySet().stream(),
                        TIMES.keySet().stream(),
                        NO_TIMES.stream())
                .flatMap(names -> names)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(signaturesWith(_ -> true, Set.of(Duration.class, Instant.class, double.class)))
                .as("a call that is not in a table of this test: check what it is given with Check, and add it here")
                .isEqualTo(known);
    }

    @Test
    void everyCallWithANumber_isInATable_orNoLimit() {
        var known = Stream.of(
                        counts().map(Count::signature),
                        countsOfGroupsAndWorkers().map(Count::signature),
                        NO_COUNTS.stream())
                .flatMap(names -> names)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(signaturesWith(WITH_COUNTS::contains, Set.of(int.class, long.class)))
                .as("a call that is not in a table of this test: check what it is given with Check, and add it here")
                .isEqualTo(known);
    }

    private static Set<String> signaturesWith(Predicate<String> wanted, Set<Class<?>> types) {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(
                                PACKAGES.stream().map("dev.shunt."::concat).toList())
                        .stream()
                        .map(found -> found.reflect())
                        .filter(type -> Modifier.isPublic(type.getModifiers()) && !INSIDE.contains(outermost(type)))
                        .filter(type -> wanted.test(outermost(type)))
                        .flatMap(type -> Stream.concat(
                                Arrays.stream(type.getDeclaredMethods()),
                                Arrays.stream(type.getDeclaredConstructors())))
                        .filter(call -> Modifier.isPublic(call.getModifiers()) && !call.isSynthetic())
                        .filter(call -> Arrays.stream(call.getParameterTypes()).anyMatch(types::contains))
                        .map(GivenValuesTest::signature)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String outermost(Class<?> type) {
        return type.getNestHost().getSimpleName();
    }

    private static String signature(Executable call) {
        String type = call.getDeclaringClass().getName().replaceFirst(".*\\.", "");
        if (call.getName().equals(call.getDeclaringClass().getName())) {
            return "new " + type; // with however many values: each stands in the table by its name
        }
        String parameters = Arrays.stream(call.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(","));
        return type + "." + call.getName() + "(" + parameters + ")";
    }
}
