package dev.shunt.tests.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.testkit.ManualEngine;
import dev.shunt.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FacesPageTest {

    record Mail(String to) {}

    record SendMail(long request, Mail mail) {}

    record Mailer(List<String> sent) {

        String send(String mail) {
            if (mail.isEmpty()) {
                throw new IllegalArgumentException("to nobody");
            }
            sent.add(mail);
            return "sent to " + mail;
        }
    }

    private final Mailer mailer = new Mailer(new ArrayList<>());

    @Test
    void worker_hasTasks() {
        var front = new Worker("text://127.0.0.1:0").name("front");
        var tasks = new Worker().name("tasks").count(4).processes(2);
        tasks.onTask(task -> mailer.send(task.data().text()));
        front.onMessage((client, message) -> tasks.task(
                message,
                result -> client.send(
                        switch (result) {
                            case Result.Done done -> done.data();
                            case Result.Failed failed ->
                                "not sent: " + failed.failure().message();
                            case Result other -> "not sent: " + other; // TimedOut, Cancelled, Lost, Rejected
                        })));

        try (var engine = ManualEngine.of(front, tasks)) {
            var client = engine.connect();
            client.send("ann");
            client.send("");
            engine.runDue();
            assertThat(client.received()).containsExactly("sent to ann", "not sent: to nobody");
        }
    }

    @Test
    void bothFaces_haveGroups() {
        var server = new Server("127.0.0.1", 0).onReceive((_, _) -> {});
        server.taskGroup(
                "mail", mail -> mail.slots(2).processes(1).jvmOptions("-Xmx64m").handle(SendMail.class, this::send));

        try (var engine = ManualEngine.of(server)) {
            engine.await(server.submit(new SendMail(0, new Mail("ann"))));
        }

        var mail = new Worker().name("mail").count(2).processes(1).jvmOptions("-Xmx64m");
        mail.handle(SendMail.class, this::send);

        var front = new Worker("text://127.0.0.1:0").name("front").onMessage((_, _) -> {});
        try (var engine = ManualEngine.of(front, mail)) {
            engine.await(mail.submit(new SendMail(1, new Mail("bob"))));
        }
        assertThat(mailer.sent()).containsExactly("ann", "bob");
    }

    @Test
    void request_isAnsweredByATask() throws Exception {
        var server = new Server("127.0.0.1", 0).set(settings -> settings.taskWorkerNum(1));
        server.onRequest((request, response) -> server.task(new SendMail(response.id(), request.json(Mail.class))));
        server.handle(
                SendMail.class, mail -> server.response(mail.request()).json(Map.of("ok", true))); // in a task worker

        try (var web = new RunningServer(server)) {
            assertThat(web.post("/", "{\"to\":\"ann\"}")).isEqualTo("200 {\"ok\":true}");
        }
    }

    private void send(SendMail mail) {
        mailer.send(mail.mail().to());
    }
}
