package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.shunt.control.ConsoleSettings;
import dev.shunt.data.Data;
import dev.shunt.http.Cookie;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.ServerSentEvent;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Heartbeat;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;
import dev.shunt.net.Tls;
import dev.shunt.plan.Timing;
import dev.shunt.pool.TaskPool;
import dev.shunt.protocol.RawProtocol;
import dev.shunt.server.Port;
import dev.shunt.server.PortSettings;
import dev.shunt.server.Server;
import dev.shunt.server.ServerSettings;
import dev.shunt.server.TaskGroup;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.TaskOptions;
import dev.shunt.worker.Worker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a program says before its start, with null, with an empty name or one of control characters: refused where it is said.
 * All public methods of what is said are tried, also those that do not exist yet.
 */
class GivenNothingTest {

    /** Of what faces share, for their own package. */
    private static final Set<String> INNER =
            Set.of("control", "processes", "recycling", "taskRecycling", "sharedLimit", "queue");

    private static final Set<String> NO_DECLARATIONS =
            Set.of("equals", "startOn", "streams", "context", "compareTo", "silent", "runAll");

    record Declared(String name, Class<?> type, Supplier<@Nullable Object> made) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Server server() {
        return new Server("127.0.0.1", 0);
    }

    private static ServerSettings serverSettings() {
        var settings = new AtomicReference<ServerSettings>();
        server().set(settings::set);
        return settings.get();
    }

    private static PortSettings portSettings() {
        var settings = new AtomicReference<PortSettings>();
        server().listen("127.0.0.1", 0).set(settings::set);
        return settings.get();
    }

    private static TaskGroup group() {
        var group = new AtomicReference<TaskGroup>();
        server().taskGroup("group", group::set);
        return group.get();
    }

    static Stream<Declared> declared() {
        return Stream.of(
                new Declared("server", Server.class, GivenNothingTest::server),
                new Declared("settings of a server", ServerSettings.class, GivenNothingTest::serverSettings),
                new Declared("port", Port.class, () -> server().listen("127.0.0.1", 0)),
                new Declared("settings of a port", PortSettings.class, GivenNothingTest::portSettings),
                new Declared("task group", TaskGroup.class, GivenNothingTest::group),
                new Declared("pool", TaskPool.Builder.class, () -> TaskPool.builder("pool")),
                new Declared("worker", Worker.class, () -> new Worker("text://127.0.0.1:0")),
                new Declared(
                        "worker for tasks",
                        Worker.class,
                        () -> new Worker().name("tasks").onTask(task -> task.data())),
                new Declared("options of a task", TaskOptions.class, () -> TaskOptions.DEFAULT),
                new Declared("limits", Limits.class, () -> Limits.DEFAULT),
                new Declared("options of a listener", ListenOptions.class, () -> ListenOptions.DEFAULT),
                new Declared("heartbeat", Heartbeat.class, () -> Heartbeat.NONE),
                new Declared("HTTP", HttpProtocol.class, () -> HttpProtocol.DEFAULT),
                new Declared("WebSocket", WebSocketProtocol.class, () -> WebSocketProtocol.DEFAULT),
                new Declared("cookie", Cookie.class, () -> new Cookie("name", "value")),
                new Declared("event", ServerSentEvent.class, () -> new ServerSentEvent("name", "data")),
                new Declared("console", ConsoleSettings.class, () -> new ConsoleSettings("127.0.0.1", 0)),
                new Declared("TLS of a server", Tls.Server.class, () -> Tls.server(Path.of("chain"), Path.of("key"))),
                new Declared("TLS of a client", Tls.Client.class, Tls::client),
                new Declared("TLS", Tls.class, () -> null),
                new Declared("address", Endpoint.class, () -> Endpoint.parse("tcp://127.0.0.1:1")),
                new Declared("timing", Timing.class, () -> null));
    }

    /** Calls it with these, one after the other, in place of one argument each; says what was not refused. */
    private static List<String> taken(Declared declared, Class<?> type, List<? extends @Nullable Object> values) {
        var taken = new ArrayList<String>();
        for (var method : declared.type().getMethods()) {
            for (int at = 0; isDeclaration(declared, method) && at < method.getParameterCount(); at++) {
                for (var value : values) {
                    if (type.isAssignableFrom(method.getParameterTypes()[at])) {
                        var thrown = thrown(declared, method, at, value);
                        if (!isRefusal(thrown)) {
                            taken.add(method + ", argument " + at + " = '" + value + "': " + thrown);
                        }
                    }
                }
            }
        }
        return taken;
    }

    private static boolean isRefusal(@Nullable Throwable thrown) {
        return thrown != null
                && thrown.getMessage() != null
                && (thrown instanceof IllegalArgumentException
                        || (thrown instanceof NullPointerException
                                && !thrown.getMessage().contains("because \""))
                        || (thrown instanceof IllegalStateException
                                && thrown.getMessage().contains(" on worker ")));
    }

    private static boolean isDeclaration(Declared declared, Method method) {
        boolean says = Modifier.isStatic(method.getModifiers())
                || method.getReturnType().isInstance(declared.made().get())
                || method.getReturnType() == Object.class;
        return says
                && !method.isBridge()
                && !NO_DECLARATIONS.contains(method.getName())
                && !(INNER.contains(method.getName()) && method.getParameterTypes()[0] == String.class);
    }

    private static @Nullable Throwable thrown(Declared declared, Method method, int at, @Nullable Object value) {
        @Nullable Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(GivenNothingTest::any)
                .toArray();
        arguments[at] = value;
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        var target = isStatic ? null : declared.made().get();
        return catchThrowable(() -> {
            try {
                method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("declared")
    void null_isRefusedWhereItIsGiven(Declared declared) {
        var nothing = new ArrayList<@Nullable Object>();
        nothing.add(null);
        assertThat(taken(declared, Object.class, nothing)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("declared")
    void nullAmongOthers_isRefusedWhereItIsGiven(Declared declared) {
        assertThat(taken(declared, String[].class, List.<Object>of((Object) new @Nullable String[] {null})))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\nb", "a\0b", "\u001b[31m"})
    void nameThatCannotBeSeen_isRefusedWhereItIsGiven(String name) {
        assertName(() -> TaskPool.builder(name));
        assertName(() -> server().taskGroup(name, _ -> {}));
        assertName(() -> server().addProcess(name, () -> {}));
        assertName(() -> server().schedule(name, Duration.ofSeconds(1), () -> "task"));
        assertName(() -> server().alias(String.class, name));
        assertName(() -> new Server(name, 0));
        assertName(() -> server().listen(name, 0));
        assertName(() -> new Worker("text://127.0.0.1:0").name(name));
        assertName(() -> serverSettings().programName(name));
        assertName(() -> serverSettings().console(name, 0));
        assertName(() -> serverSettings().metrics(name, 0));
        assertName(() -> Worker.protocol(name, HttpProtocol.DEFAULT));
        assertName(() -> Tls.client().serverName(name));
    }

    private static void assertName(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(\"")
                .hasMessageContaining("give a name")
                .message()
                .doesNotContain("\n", "\0", "\u001b");
    }

    @Test
    void emptyPath_isRefusedWhereItIsGiven() {
        var none = Path.of("");
        var some = Path.of("some");
        for (Runnable call : List.<Runnable>of(
                () -> serverSettings().runDirectory(none),
                () -> Tls.server(none, some),
                () -> Tls.server(some, none),
                () -> Tls.server(some, some).host("example.org", none, some),
                () -> Tls.server(some, some).requireClientCertificate(none),
                () -> Tls.server(some, some).askForClientCertificate(none),
                () -> Tls.client().trust(none),
                () -> new ConsoleSettings("127.0.0.1", 0).credentials("me", none),
                () -> SqliteTaskLog.at(none))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(\"\"): give the name of");
        }
    }

    @Test
    void moreSlotsThanAnybodyHas_areRefused() {
        var server = server().onReceive((_, _) -> {}).onTask(task -> task.data());
        server.set(settings -> settings.taskWorkerNum(Integer.MAX_VALUE));
        assertThatThrownBy(server::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2147483647 slots; give 100000 or fewer");
    }

    private static @Nullable Object any(Class<?> type) {
        var known = Map.<Class<?>, Object>ofEntries(
                Map.entry(int.class, 1),
                Map.entry(long.class, 1L),
                Map.entry(double.class, 1.0),
                Map.entry(boolean.class, true),
                Map.entry(String.class, "@daily"),
                Map.entry(String[].class, new String[] {"-Xmx64m"}),
                Map.entry(Class.class, String.class),
                Map.entry(Duration.class, Duration.ofSeconds(1)),
                Map.entry(Instant.class, Instant.EPOCH),
                Map.entry(ZoneId.class, ZoneOffset.UTC),
                Map.entry(Path.class, Path.of("file")),
                Map.entry(List.class, List.of()),
                Map.entry(Collection.class, List.of()),
                Map.entry(Optional.class, Optional.empty()),
                Map.entry(Data.class, Data.of("data")),
                Map.entry(HttpProtocol.class, HttpProtocol.DEFAULT),
                Map.entry(WebSocketProtocol.class, WebSocketProtocol.DEFAULT),
                Map.entry(ApplicationProtocol.class, new Framing(new RawProtocol())),
                Map.entry(Heartbeat.class, Heartbeat.NONE),
                Map.entry(TaskOptions.class, TaskOptions.DEFAULT),
                Map.entry(Tls.Server.class, Tls.server(Path.of("chain"), Path.of("key"))),
                Map.entry(Object.class, "ping"));
        if (known.containsKey(type)) {
            return known.get(type);
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, _, _) -> null);
    }
}
