package dev.shunt.tests.programs;

import dev.shunt.task.Result;
import dev.shunt.worker.Worker;

/** The program of docs/faces.md, "Tasks of a worker", word for word, with a mailer that answers. */
final class MailFront {

    private static final Mailer mailer = new Mailer();

    private static final class Mailer {

        String send(String text) {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("nothing to send");
            }
            return "sent " + text;
        }
    }

    private MailFront() {}

    static void main() {
        var front = new Worker("text://127.0.0.1:0");

        var tasks = new Worker().name("tasks").count(4).processes(2);
        tasks.onTask(task -> {
            return mailer.send(task.data().text());
        });
        front.onMessage((client, message) -> tasks.task(
                message,
                result -> client.send(
                        switch (result) {
                            case Result.Done done -> done.data();
                            case Result.Failed failed ->
                                "not sent: " + failed.failure().message();
                            case Result other -> "not sent: " + other; // TimedOut, Cancelled, Lost, Rejected
                        })));

        Worker.runAll();
    }
}
