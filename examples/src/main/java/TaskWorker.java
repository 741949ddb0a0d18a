import dev.shunt.examples.Address;
import dev.shunt.examples.Listen;
import dev.shunt.examples.Mailer;
import dev.shunt.examples.Options;
import dev.shunt.examples.TaskCall;
import dev.shunt.worker.Worker;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Mixin Listen listen = new Listen("0.0.0.0", 12345);

@Option(names = "--smtp", paramLabel = "HOST:PORT", description = "mail server; without it no mail is sent, only shown")
Address smtp;

record MailSent(boolean ok, String function, String to) {}

record Slept(boolean ok, String function, double seconds) {}

record Failed(boolean ok, String error) {}

void main(String[] args) {
    Options.read(this, args);
    var taskWorker = new Worker("Text://" + listen);
    taskWorker.count(100);
    taskWorker.name("TaskWorker");
    taskWorker.onMessage((connection, taskData) -> {
        Object taskResult;
        try {
            taskResult = run(TaskCall.parse(taskData));
        } catch (Exception e) {
            taskResult = new Failed(false, e.getMessage());
        }
        connection.send(taskResult); // as one line of JSON
    });
    Worker.runAll(args);
}

Object run(TaskCall task) throws Exception {
    return switch (task.function()) {
        case "send_mail" -> sendMail(task.text("from"), task.text("to"), task.text("contents"));
        case "sleep" -> sleep(task.number("seconds", 0, 3600));
        case String other -> throw new IllegalArgumentException("unknown function '" + other + "'");
    };
}

MailSent sendMail(String from, String to, String contents) throws Exception {
    if (smtp != null) {
        new Mailer(smtp).send(from, to, "", contents);
    } else {
        IO.println("would send a mail from " + from + " to " + to + ": " + contents);
    }
    return new MailSent(true, "send_mail", to);
}

Slept sleep(double seconds) throws InterruptedException {
    Thread.sleep((long) (seconds * 1000));
    return new Slept(true, "sleep", seconds);
}
