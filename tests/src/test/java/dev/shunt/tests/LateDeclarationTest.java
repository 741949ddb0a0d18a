package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.shunt.http.HttpProtocol;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.Tls;
import dev.shunt.pool.TaskPool;
import dev.shunt.protocol.RawProtocol;
import dev.shunt.server.Port;
import dev.shunt.server.PortSettings;
import dev.shunt.server.Server;
import dev.shunt.server.ServerSettings;
import dev.shunt.server.TaskGroup;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.ManualEngine;
import dev.shunt.worker.Worker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever is part of a program is said before it starts: each call that says something throws after that, and names
 * itself. All of them are tried, also those that do not exist yet.
 */
class LateDeclarationTest {

    private static final Set<String> NOT_DECLARATIONS = Set.of("runAll", "reloadAll", "stopAll");

    private @Nullable ManualEngine engine;

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    private static Server server() {
        return new Server("127.0.0.1", 0).onReceive((_, _) -> {}).onTask(task -> task.data());
    }

    @Test
    void server_refusesEveryDeclaration_onceItHasStarted() {
        var settings = new AtomicReference<ServerSettings>();
        var group = new AtomicReference<TaskGroup>();
        var server = server();
        server.set(given -> settings.set(given.taskWorkerNum(1)));
        server.taskGroup("mail", given -> group.set(given.handle(Integer.class, _ -> {})));
        var portSettings = new AtomicReference<PortSettings>();
        var port = server.listen("127.0.0.1", 0);
        port.set(portSettings::set);
        engine = ManualEngine.of(server);

        assertThat(refused(server, returns(Server.class))).isGreaterThan(20);
        assertThat(refused(server, returns(Port.class))).isGreaterThan(20);
        assertThat(refused(port, returns(Port.class))).isGreaterThan(5);
        assertThat(refused(portSettings.get(), returns(PortSettings.class))).isGreaterThan(10);
        assertThat(refused(settings.get(), returns(ServerSettings.class))).isGreaterThan(20);
        assertThat(refused(group.get(), returns(TaskGroup.class))).isGreaterThan(15);
    }

    @Test
    void worker_refusesEveryDeclaration_onceItHasStarted_andForEver() {
        var worker = new Worker("text://127.0.0.1:0");
        var tasks = new Worker().name("tasks").onTask(task -> task.data());
        engine = ManualEngine.of(worker, tasks);

        assertThat(refused(worker, returns(Worker.class))).isGreaterThan(20);
        assertThat(refused(tasks, returns(Worker.class))).isGreaterThan(20);
        assertThat(refused(worker, LateDeclarationTest::isStaticDeclaration)).isGreaterThan(5);
        assertThatThrownBy(Worker::new)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("new Worker");
        engine.close();
        assertThat(refused(worker, returns(Worker.class))).isGreaterThan(20);
    }

    @Test
    void pool_refusesEveryDeclaration_onceItHasStarted() {
        var builder = TaskPool.builder("late").slots(1).inProcess().answer(String.class, text -> text);
        var pool = builder.start();
        try (pool) {
            assertThat(refused(builder, returns(TaskPool.Builder.class))).isGreaterThan(30);
            assertThatThrownBy(builder::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("start()")
                    .hasMessageContaining("another builder");
        }
        assertThat(refused(builder, returns(TaskPool.Builder.class))).isGreaterThan(30);
    }

    @Test
    void server_startsOnce() {
        var server = server();
        engine = ManualEngine.of(server);
        assertThatThrownBy(server::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("start()")
                .hasMessageContaining("another Server");
        assertThatThrownBy(() -> ManualEngine.of(server)).hasMessageContaining("startOn()");
    }

    @Test
    void workers_startOnce() {
        var worker = new Worker("text://127.0.0.1:0");
        engine = ManualEngine.of(worker);
        assertThatThrownBy(Worker::runAll)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("runAll");
        engine.close();
        assertThatThrownBy(() -> ManualEngine.of(worker))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("runs once");
    }

    @Test
    void serverThatCouldNotStart_mayBeMendedAndStarted() {
        var server = new Server("127.0.0.1", 0);
        assertThatThrownBy(() -> ManualEngine.of(server)).hasMessageContaining("onReceive is missing");
        server.onReceive((_, _) -> {});
        engine = ManualEngine.of(server);
        assertThat(engine.stats().tasks().submitted()).isZero();
    }

    private static Predicate<Method> returns(Class<?> type) {
        return method ->
                !Modifier.isStatic(method.getModifiers()) && method.getReturnType() == type && !isInner(method);
    }

    /** Of {@code calls}, which gives the name of the program's call. */
    private static boolean isInner(Method method) {
        return Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class, UnaryOperator.class});
    }

    private static boolean isStaticDeclaration(Method method) {
        return Modifier.isStatic(method.getModifiers())
                && Modifier.isPublic(method.getModifiers())
                && method.getReturnType() == void.class
                && !NOT_DECLARATIONS.contains(method.getName());
    }

    /** How many of its methods that declare something there are; each is refused. */
    private static int refused(Object face, Predicate<Method> declares) {
        var methods = Arrays.stream(face.getClass().getMethods())
                .filter(method -> declares.test(method) || declaresInherited(method))
                .filter(method -> declares.test(method) || !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !method.isBridge() && !isInner(method))
                .toList();
        for (var method : methods) {
            assertThat(catchThrowable(() -> call(face, method)))
                    .as(method.toString())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(method.getName())
                    .hasMessageContaining("too late");
        }
        return methods.size();
    }

    /** The interfaces that faces share return the face as their type variable, which is erased. */
    private static boolean declaresInherited(Method method) {
        return method.isDefault()
                && method.getReturnType() == Object.class
                && method.getDeclaringClass().getSimpleName().endsWith("Declarations");
    }

    private static @Nullable Object call(Object face, Method method) throws Throwable {
        try {
            return method.invoke(
                    face,
                    Arrays.stream(method.getParameterTypes())
                            .map(LateDeclarationTest::any)
                            .toArray());
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object any(Class<?> type) {
        var known = Map.<Class<?>, Object>ofEntries(
                Map.entry(int.class, 1),
                Map.entry(long.class, 1L),
                Map.entry(boolean.class, true),
                Map.entry(String.class, "@daily"),
                Map.entry(String[].class, new String[] {"-Xmx64m"}),
                Map.entry(Class.class, String.class),
                Map.entry(Duration.class, Duration.ofSeconds(1)),
                Map.entry(HttpProtocol.class, HttpProtocol.DEFAULT),
                Map.entry(ZoneId.class, ZoneOffset.UTC),
                Map.entry(TaskOptions.class, TaskOptions.DEFAULT),
                Map.entry(Object.class, "ping"),
                Map.entry(Tls.Server.class, Tls.server(Path.of("chain.pem"), Path.of("key.pem"))),
                Map.entry(WebSocketProtocol.class, WebSocketProtocol.DEFAULT),
                Map.entry(ApplicationProtocol.class, new Framing(new RawProtocol())),
                Map.entry(List.class, List.of()));
        if (known.containsKey(type)) {
            return known.get(type);
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, _, _) -> null);
    }
}
