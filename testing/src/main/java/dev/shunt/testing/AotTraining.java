package dev.shunt.testing;

import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * What a program does until it serves: a server, a child, a task and its answer. The manager's classes go into the
 * {@link AotCache}, and those that only children load, or programs under test.
 */
final class AotTraining {

    private static final int ROUNDS = 20;
    private static final String CLASS = ".class";

    private AotTraining() {}

    public static void main(String[] args) throws IOException {
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (isOurs(Path.of(jar))) {
                loadAll(jar);
            }
        }
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.taskWorkerNum(1).protocol(new TextProtocol()));
        server.onReceive((connection, line) ->
                server.task(Map.of("line", line.text()), result -> connection.send(result.toString())));
        server.onTask(task -> {
            return task.data();
        });
        server.onStart(() -> Thread.ofPlatform().name("client").start(() -> ask(server)));
        server.start();
    }

    private static void ask(Server server) {
        try (var client = new LineClient(server.endpoint().port())) {
            for (int i = 0; i < ROUNDS; i++) {
                client.ask("round " + i);
            }
        } finally {
            server.shutdown();
        }
    }

    /** The jar that {@link AotCache} makes of this build's classes is in its directory. */
    private static boolean isOurs(Path jar) {
        return jar.getFileName().toString().startsWith("shunt")
                || jar.startsWith(
                        Path.of(System.getProperty(AotCache.DIRECTORY, "/none")).toAbsolutePath());
    }

    private static void loadAll(String jar) throws IOException {
        try (var file = new JarFile(jar);
                var entries = file.stream()) {
            names(entries).forEach(AotTraining::load);
        }
    }

    private static Stream<String> names(Stream<? extends ZipEntry> entries) {
        return entries.map(ZipEntry::getName)
                .filter(name ->
                        name.endsWith(CLASS) && !name.matches("(.*/)?(module|package)-info.*|.*Test(\\$.*)?.class"))
                .map(name -> name.substring(0, name.length() - CLASS.length()).replace('/', '.'));
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, AotTraining.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError _) {
            // needs what only tests have
        }
    }
}
