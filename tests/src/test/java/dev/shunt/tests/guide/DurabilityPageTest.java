package dev.shunt.tests.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.Durability;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.ManualEngine;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class DurabilityPageTest {

    record SendMail(String to, String text) {}

    record Report(String day) {}

    record Sweep(String what) {}

    private final Server server = new Server("127.0.0.1", 0)
            .set(settings -> settings.taskWorkerNum(1))
            .onReceive((_, _) -> {});

    @Test
    void durableTask_saysWhenItIsStored() {
        server.set(settings -> settings.taskLog(SqliteTaskLog.at(Path.of("queue.db"))));
        server.handle(SendMail.class, _ -> {});
        server.onReceive((client, _) -> {
            var mail = server.submit(
                    new SendMail("ann", "ciao"), TaskOptions.DEFAULT.retries(5).durability(Durability.SYNC));
            mail.stored().thenRun(() -> client.send("accepted")); // it will run, whatever happens now
        });

        try (var engine = ManualEngine.of(server)) { // a log in memory stands for the file
            var client = engine.connect();
            client.send("ann");
            engine.runDue();
            assertThat(client.received()).containsExactly("accepted");
        }
    }

    @Test
    void schedules_runByTheClock() {
        var ran = new ArrayList<Object>();
        server.handle(Report.class, report -> ran.add(report));
        server.handle(Sweep.class, sweep -> ran.add(sweep));
        server.schedule("report", "0 3 * * *", () -> new Report("yesterday"));
        server.schedule("sweep", Duration.ofMinutes(5), () -> new Sweep("sessions"));

        try (var engine = ManualEngine.of(server)) {
            for (int hour = 0; hour < 25; hour++) {
                engine.clock().advance(Duration.ofHours(1));
                engine.runDue();
            }
        }
        assertThat(ran).hasAtLeastOneElementOfType(Report.class).hasAtLeastOneElementOfType(Sweep.class);
    }

    @Test
    void deadLetters_areRunAgainOrDiscarded() {
        var attempts = new ArrayList<String>();
        server.handle(SendMail.class, mail -> {
            attempts.add(mail.to());
            throw mail.to().equals("ann") ? new ConnectException("refused") : new IllegalStateException("no such user");
        });

        try (var engine = ManualEngine.of(server)) {
            var once = TaskOptions.DEFAULT.retries(1);
            engine.await(server.submit(new SendMail("ann", "ciao"), once));
            engine.await(server.submit(new SendMail("nobody", "ciao"), once));
            assertThat(attempts).containsExactly("ann", "ann", "nobody", "nobody");

            server.deadTasks(-1, 100)
                    .thenAccept(letters -> letters.forEach(letter -> {
                        if (letter.reason().contains("ConnectException")) {
                            server.rerunDeadTask(letter.id()); // from its first attempt, under its id
                        } else {
                            server.discardDeadTask(letter.id());
                        }
                    }));

            engine.runDue();
            assertThat(attempts).hasSize(5).last().isEqualTo("ann");
            assertThat(server.stats().tasks().dead()).isZero();
        }
    }
}
