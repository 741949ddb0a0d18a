package dev.shunt.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.examples.Mailer;
import org.junit.jupiter.api.Test;

final class MailServerTest {

    @Test
    void received_embedded_countsWhatLiesInMailboxes() throws Exception {
        try (var server = MailServer.at(null)) {
            var mailer = new Mailer(server.address());
            mailer.greet();
            mailer.send("a@example.com", "once@example.com", "Ciao", "è arrivata");
            mailer.send("a@example.com", "twice@example.com", "Ciao", "1");
            mailer.send("a@example.com", "twice@example.com", "Ciao", "2");
            server.accepted("nobody@example.com");

            assertThat(server.received("once@example.com")).isEqualTo(1);
            assertThat(server.received("twice@example.com")).isEqualTo(2);
            assertThat(server.received("nobody@example.com")).isZero();
        }
    }

    @Test
    void received_remote_countsWhatWasAccepted() throws Exception {
        try (var embedded = MailServer.at(null);
                var server = MailServer.at(embedded.address())) {
            server.accepted("twice@example.com");
            server.accepted("twice@example.com");

            assertThat(server.received("twice@example.com")).isEqualTo(2);
            assertThat(server.received("nobody@example.com")).isZero();
        }
    }
}
