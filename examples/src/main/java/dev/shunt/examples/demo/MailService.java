package dev.shunt.examples.demo;

import dev.shunt.data.Data;
import dev.shunt.examples.Address;
import dev.shunt.examples.Mailer;
import dev.shunt.net.Connection;
import dev.shunt.protocol.Protocols;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import jakarta.mail.MessagingException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The server that is measured, built alike in every process. It answers {@code ping} with {@code
 * pong}, and {@code inline N} and {@code tasks N} with {@code sent N} once the mail to user N is
 * sent, or with {@code failed N: REASON}.
 */
final class MailService {

    private static final String SENDER = "demo@example.com";

    private final Map<Address, Mailer> mailers = new ConcurrentHashMap<>();
    private final Server server;
    private volatile @Nullable Address mailServer;

    MailService(int taskWorkers) {
        server = new Server("127.0.0.1", 0);
        server.set(settings ->
                settings.workerNum(1) // all clients on one event loop
                        .taskWorkerNum(taskWorkers)
                        .protocol(Objects.requireNonNull(Protocols.builtIn().get("text"))));
        server.onReceive(this::received);
        server.onTask(task -> {
            send(task.data().as(SendMail.class));
        });
    }

    Server server() {
        return server;
    }

    /** In the manager, before the first mail is asked for. */
    void mailThrough(Address address) {
        mailServer = address;
    }

    private void received(Connection connection, Data line) {
        String[] words = line.text().split(" ", 2);
        if (words[0].equals("ping")) {
            connection.send("pong");
            return;
        }
        var way = Way.of(words[0]);
        int user = Integer.parseInt(words[1]);
        var mail = new SendMail(Objects.requireNonNull(mailServer), way.recipient(user));
        switch (way) {
            case INLINE -> connection.send(sendNow(mail, user));
            case TASKS -> server.task(mail, result -> connection.send(answer(result, user)));
        }
    }

    /**
     * What the seeds warn against: the event loop waits for the mail server, and every client with
     * it.
     */
    private String sendNow(SendMail mail, int user) {
        try {
            send(mail);
            return "sent " + user;
        } catch (MessagingException e) {
            return failed(user, e.toString());
        }
    }

    private static String answer(Result result, int user) {
        return result instanceof Result.Done ? "sent " + user : failed(user, result.toString());
    }

    private static String failed(int user, String reason) {
        return "failed " + user + ": " + reason.lines().findFirst().orElse("");
    }

    private void send(SendMail mail) throws MessagingException {
        mailers.computeIfAbsent(mail.server(), Mailer::new)
                .send(SENDER, mail.to(), "Hello", "This is one of very many mails.");
    }
}
