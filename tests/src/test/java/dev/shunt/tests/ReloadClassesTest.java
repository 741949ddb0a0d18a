package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A class file is replaced while the program runs; both kinds of workers are children. */
@Tag("processes")
class ReloadClassesTest {

    private static final String SOURCE = """
            import dev.shunt.plan.Placement;
            import dev.shunt.protocol.TextProtocol;
            import dev.shunt.server.Server;

            public final class Answers {
                public static void main(String[] args) {
                    var server = new Server("127.0.0.1", 0);
                    server.set(settings -> settings.placement(Placement.CHILDREN)
                            .workerNum(1)
                            .taskWorkerNum(1)
                            .protocol(new TextProtocol()));
                    server.onReceive((connection, line) -> {
                        switch (line.text()) {
                            case "reload" -> server.reload();
                            case "reloadTasks" -> server.reloadTasks();
                            case "event" -> connection.send("old event in " + ProcessHandle.current().pid());
                            default -> server.task(line, result -> connection.send(result.toString()));
                        }
                    });
                    server.onTask(task -> {
                        return "old task in " + ProcessHandle.current().pid();
                    });
                    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
                    server.start();
                }
            }
            """;

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @BeforeEach
    void compileOld() throws IOException {
        compile(SOURCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reload", "USR1", "watch"})
    void reload_allChildren_loadTheClassesOnDisk(String how) throws IOException {
        var program = how.equals("watch") ? start("-Dshunt.watch=true") : start();
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("event")).startsWith("old event");
            assertThat(client.ask("task")).contains("old task");
            compile(SOURCE.replace("\"old", "\"new"));
            if (!how.equals("watch")) {
                reload(program, client, how);
            }
            await().atMost(Program.PATIENCE).until(() -> client.ask("task").contains("new task"));
            await().atMost(Program.PATIENCE).until(() -> client.ask("event").startsWith("new event"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reloadTasks", "USR2"})
    void reloadTasks_taskChildrenOnly_loadTheClassesOnDisk(String how) throws IOException {
        var program = start();
        try (var client = new LineClient(program.port())) {
            String event = client.ask("event");
            assertThat(client.ask("task")).contains("old task");
            compile(SOURCE.replace("\"old", "\"new"));
            reload(program, client, how);
            await().atMost(Program.PATIENCE).until(() -> client.ask("task").contains("new task"));
            assertThat(client.ask("event"))
                    .as("the same class in the same process")
                    .isEqualTo(event);
        }
    }

    private Program start(String... options) {
        return programs.start(Launch.java((Object[]) options)
                .withArguments(
                        "-cp", directory + File.pathSeparator + System.getProperty("java.class.path"), "Answers"));
    }

    private static void reload(Program program, LineClient client, String how) {
        if (how.startsWith("USR")) {
            Signals.send(how, program.pid());
        } else {
            client.send(how);
        }
    }

    private void compile(String source) throws IOException {
        var file = Files.writeString(directory.resolve("Answers.java"), source);
        var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        int status = compiler.run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.toString(),
                file.toString());
        assertThat(status).isZero();
    }
}
