package dev.shunt.tests.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMessage.RecipientType;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./shunt example task-worker}: seed 000's task server, with a real mail server in this JVM. */
@Tag("processes")
class TaskWorkerTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @SuppressWarnings("NullAway.Init") // before all
    private static Program program;

    @BeforeAll
    static void start() {
        mails.start();
        program = programs.start(Launch.of(
                "TaskWorker",
                "--port",
                0,
                "--smtp",
                "127.0.0.1:" + mails.getSmtp().getPort()));
        program.port();
    }

    @AfterAll
    static void stop() {
        mails.stop();
    }

    private static String sendMail(String to, String contents) {
        return "{\"function\":\"send_mail\",\"args\":{\"from\":\"shop@example.com\",\"to\":\"%s\",\"contents\":\"%s\"}}"
                .formatted(to, contents);
    }

    private static String sent(String to) {
        return "{\"ok\":true,\"function\":\"send_mail\",\"to\":\"" + to + "\"}";
    }

    @Test
    void sendMail_sendsARealMail() throws MessagingException, IOException {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask(sendMail("one@example.com", "attività €\\n.\\nlast line")))
                    .isEqualTo(sent("one@example.com"));
        }
        var received = receivedBy("one@example.com");
        assertThat(received).hasSize(1);
        assertThat(received.getFirst().getFrom()[0]).hasToString("shop@example.com");
        assertThat(received.getFirst().getContent().toString().strip().replace("\r\n", "\n"))
                .isEqualTo("attività €\n.\nlast line");
    }

    @Test
    void manyAtOnce_eachMailIsSentOnce() {
        var clients = IntStream.range(0, 50)
                .mapToObj(_ -> new LineClient(program.port()))
                .toList();
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).send(sendMail("many" + i + "@example.com", "mail " + i));
        }
        for (int i = 0; i < clients.size(); i++) {
            assertThat(clients.get(i).read()).isEqualTo(sent("many" + i + "@example.com"));
            assertThat(receivedBy("many" + i + "@example.com")).hasSize(1);
            clients.get(i).close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"function\":\"reboot\",\"args\":{}}",
                "{\"function\":\"send_mail\",\"args\":{\"from\":\"a@example.com\"}}",
                "{\"function\":\"send_mail\"}",
                "{\"function\":\"send_mail\",\"args\":{\"from\":1,\"to\":2,\"contents\":3}}",
                "{\"function\":\"send_mail\",\"args\":[]}",
                "{\"function\":\"send_mail\",\"args\":{\"from\":\"not an address\",\"to\":\"@\",\"contents\":\"\"}}",
                "{\"function\":\"sleep\",\"args\":{\"seconds\":\"long\"}}",
                "{\"function\":\"sleep\",\"args\":{\"seconds\":-1}}",
                "{\"args\":{}}",
                "{\"function\":null}",
                "{\"function\":",
                "no json",
                "[]",
                "null",
                "\"text\"",
                "{} {}",
                "",
            })
    void wrongTask_isAnsweredWithAnError_andTheConnectionStaysUsable(String wrong) {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask(wrong)).matches("\\{\"ok\":false,\"error\":\".+\"}");
            assertThat(client.ask("{\"function\":\"sleep\",\"args\":{\"seconds\":0}}"))
                    .startsWith("{\"ok\":true");
        }
    }

    @Test
    void unknownFunction_isNamed() {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("{\"function\":\"reboot\",\"args\":{}}")).contains("reboot");
            assertThat(client.ask(
                            "{\"function\":\"send_mail\",\"args\":{\"from\":\"a@example.com\",\"contents\":\"\"}}"))
                    .contains("to");
        }
    }

    @Test
    void linesEndingInCrlf_areUnderstood() {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("{\"function\":\"sleep\",\"args\":{\"seconds\":0}}\r"))
                    .startsWith("{\"ok\":true");
        }
    }

    /** Printed, not asserted: the machine may be busy. That so many run at once is shown by {@code SlotsTest}. */
    @Test
    void aHundredSleeps_ofATenthOfASecond() {
        var clients = IntStream.range(0, 100)
                .mapToObj(_ -> new LineClient(program.port()))
                .toList();
        long start = System.nanoTime();
        clients.forEach(client -> client.send("{\"function\":\"sleep\",\"args\":{\"seconds\":0.1}}"));
        clients.forEach(client -> assertThat(client.read()).startsWith("{\"ok\":true,\"function\":\"sleep\""));
        IO.println("100 clients, 100 slots, 0.1 s each: " + (System.nanoTime() - start) / 1_000_000 + " ms");
        clients.forEach(LineClient::close);
    }

    @Test
    void withoutAMailServer_itSaysWhatItWouldSend() {
        var own = programs.start(Launch.of("TaskWorker", "--port", 0));
        try (var client = new LineClient(own.port())) {
            assertThat(client.ask(sendMail("two@example.com", "hello"))).isEqualTo(sent("two@example.com"));
            own.awaitLine("shop@example.com.*two@example.com.*hello");
        }
        assertThat(own.stop()).isZero();
        assertThat(own.complaints()).isEmpty();
    }

    @Test
    void mailServerThatIsDown_isAnError_andTheConnectionStaysUsable() {
        var gone = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        gone.start();
        int port = gone.getSmtp().getPort();
        gone.stop();
        var own = programs.start(Launch.of("TaskWorker", "--port", 0, "--smtp", "127.0.0.1:" + port));
        try (var client = new LineClient(own.port())) {
            assertThat(client.ask(sendMail("three@example.com", "hello"))).startsWith("{\"ok\":false,\"error\":");
            assertThat(client.ask("no json")).startsWith("{\"ok\":false,\"error\":");
        }
    }

    @Test
    void listensOnAllAddresses() {
        assertThat(program.awaitLine("^listening on (.*):\\d+$").group(1)).isEqualTo("0.0.0.0");
    }

    @Test
    void twoTasksInOnePacket_areAnsweredInOrder() {
        try (var client = new LineClient(program.port())) {
            client.raw().send("{\"function\":\"sleep\",\"args\":{\"seconds\":0}}\nno json\n".getBytes(US_ASCII));
            assertThat(client.read()).startsWith("{\"ok\":true");
            assertThat(client.read()).startsWith("{\"ok\":false");
        }
    }

    private static List<MimeMessage> receivedBy(String address) {
        return Arrays.stream(mails.getReceivedMessages())
                .filter(mail -> List.of(recipients(mail)).toString().equals("[" + address + "]"))
                .toList();
    }

    private static Address[] recipients(MimeMessage mail) {
        try {
            return mail.getRecipients(RecipientType.TO);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
