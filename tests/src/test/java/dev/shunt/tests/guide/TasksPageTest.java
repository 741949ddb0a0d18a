package dev.shunt.tests.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.ManualEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TasksPageTest {

    record SendMail(String to, String text) {}

    /** A mail server that is down for "nobody". */
    record Mailer(List<String> sent) {

        void send(SendMail mail) {
            if (mail.to().equals("nobody")) {
                throw new IllegalStateException("no such user");
            }
            sent.add(mail.to());
        }
    }

    private final Mailer mailer = new Mailer(new ArrayList<>());

    @Test
    void task_isSubmitted_andItsClientHearsOfItsEnd() {
        var server = new Server("127.0.0.1", 0).set(settings -> settings.taskWorkerNum(1));
        server.handle(SendMail.class, (mail, _) -> mailer.send(mail)); // in a task worker process

        server.onReceive((client, to) -> {
            var options =
                    TaskOptions.DEFAULT.retries(5).uniqueKey("welcome-" + to).deadline(Duration.ofMinutes(10));
            var mail = server.submit(new SendMail(to.text(), "welcome"), options);
            mail.result()
                    .thenAccept(result -> client.send( // on the event loop again
                            switch (result) {
                                case Result.Done _ -> "sent";
                                case Result.Failed failed ->
                                    "not sent: " + failed.failure().message();
                                case Result.TimedOut _ -> "given up after ten minutes";
                                case Result other -> "not sent: " + other; // Cancelled, Lost, Rejected
                            }));
        });

        try (var engine = ManualEngine.of(server)) {
            var client = engine.connect();
            client.send("ann");
            engine.runDue();
            assertThat(client.received()).containsExactly("sent");
            client.send("nobody");
            while (client.received().size() < 2) {
                assertThat(engine.runNext()).isTrue();
            }
            assertThat(client.received().getLast()).isEqualTo("not sent: no such user");
        }
        assertThat(mailer.sent()).containsExactly("ann");
    }

    @Test
    void group_hasSlotsOfItsOwn() {
        var server = new Server("127.0.0.1", 0).onReceive((_, _) -> {});
        server.taskGroup("mail", mail -> mail.slots(2).jvmOptions("-Xmx64m").handle(SendMail.class, mailer::send));

        try (var engine = ManualEngine.of(server)) {
            assertThat(engine.await(server.submit(new SendMail("ann", "ciao")))).isInstanceOf(Result.Done.class);
        }
        assertThat(mailer.sent()).containsExactly("ann");
    }
}
