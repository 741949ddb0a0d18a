package dev.shunt.tests.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.testkit.ManualEngine;
import org.junit.jupiter.api.Test;

class MailTest {

    record SendMail(String to, String text) {}

    @Test
    void mail() {
        var server = new Server("127.0.0.1", 0)
                .set(settings -> settings.taskWorkerNum(1))
                .onReceive((client, name) -> client.send("hello " + name));
        server.answer(SendMail.class, mail -> "sent to " + mail.to());

        try (var engine = ManualEngine.of(server)) {
            var mail = server.submit(new SendMail("ann", "ciao"));
            assertThat(engine.await(mail)).isInstanceOf(Result.Done.class); // moves the clock, if it must

            engine.loseNext(); // the process that runs the next task dies
            var lost = server.submit(new SendMail("ann", "ciao"));
            assertThat(engine.await(lost)).isInstanceOf(Result.Lost.class);

            var client = engine.connect(); // in place of a socket
            client.send("ann");
            engine.runDue(); // onReceive, and what it asks for
            assertThat(client.received()).containsExactly("hello ann");
        }
    }
}
