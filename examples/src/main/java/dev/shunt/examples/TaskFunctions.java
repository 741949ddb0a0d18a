package dev.shunt.examples;

import jakarta.mail.MessagingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the task worker can do, and what it answers. */
public final class TaskFunctions {

    record MailSent(boolean ok, String function, String to) {}

    record Slept(boolean ok, String function, double seconds) {}

    public record Failed(boolean ok, @Nullable String error) {}

    private static final int LONGEST_SLEEP_SECONDS = 3_600;

    private final @Nullable Address smtp;

    /** Without a mail server it says what it would send. */
    public TaskFunctions(@Nullable Address smtp) {
        this.smtp = smtp;
    }

    /** Throws what is wrong with the task, or with the mail server. */
    public Object call(TaskCall task) throws Exception {
        return switch (task.function()) {
            case "send_mail" -> sendMail(task);
            case "sleep" -> sleep(task);
            case String other ->
                    throw new IllegalArgumentException(
                            "no function is called " + other + "; there are send_mail and sleep");
        };
    }

    private MailSent sendMail(TaskCall task) throws MessagingException {
        String from = task.text("from");
        String to = task.text("to");
        String contents = task.text("contents");
        if (smtp == null) {
            IO.println("would send a mail from " + from + " to " + to + ": " + contents);
        } else {
            new Mailer(smtp).send(from, to, "", contents);
        }
        return new MailSent(true, task.function(), to);
    }

    private Slept sleep(TaskCall task) throws InterruptedException {
        double seconds = task.number("seconds", 0, LONGEST_SLEEP_SECONDS);
        Thread.sleep(Duration.ofNanos((long) (seconds * 1e9)));
        return new Slept(true, task.function(), seconds);
    }
}
