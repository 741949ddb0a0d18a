package dev.shunt.examples.spring;

import dev.shunt.spring.ShuntTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Sends mails, in a child: its store is a connection pool of the child's own. */
@Component
class Mailer {

    private final Mails mails;

    Mailer(Mails mails) {
        this.mails = mails;
    }

    /** May be called twice for a mail: if its process is killed, another one sends it. */
    @ShuntTask(retries = 2)
    String send(SendMail mail) throws InterruptedException {
        mails.running(mail.id(), ProcessHandle.current().pid());
        try {
            deliver(mail);
        } catch (IllegalArgumentException e) {
            mails.failed(mail.id(), e.getMessage());
            return "not delivered";
        }
        mails.done(mail.id());
        return "delivered to " + mail.to();
    }

    /** Stands for a mail server. */
    private static void deliver(SendMail mail) throws InterruptedException {
        if (mail.to().endsWith(".invalid")) {
            throw new IllegalArgumentException("nobody can be reached at " + mail.to());
        }
        long millis = Math.round(mail.seconds() * 1_000);
        try {
            CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
