package dev.shunt.examples.demo;

import dev.shunt.data.Data;
import dev.shunt.examples.Address;
import dev.shunt.examples.Mailer;
import dev.shunt.http.HttpProtocol;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Port;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import jakarta.mail.MessagingException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The server that is measured, built alike in every process. A client sends lines: {@code ping} is
 * answered with {@code pong}, as is any request of HTTP at {@link #web}; {@code inline N} and
 * {@code tasks N} mail user N, and are answered with {@code sent N} when that is done, or with
 * {@code failed N: REASON}. A server that is stopping hangs up.
 */
final class MailService {

    private static final String SENDER = "demo@example.com";

    private final Map<Address, Mailer> mailers = new ConcurrentHashMap<>();
    private final Map<Way, AtomicInteger> done =
            Map.of(Way.INLINE, new AtomicInteger(), Way.TASKS, new AtomicInteger());
    private final Server server;
    private final Port web;
    private volatile @Nullable Address mailServer;

    MailService(int taskWorkers) {
        server = new Server("127.0.0.1", 0);
        server.set(settings ->
                settings
                        // All clients on one event loop.
                        .workerNum(1)
                        .taskWorkerNum(taskWorkers)
                        // They live for seconds: to optimize would cost more than it gains.
                        .taskJvmOptions("-XX:TieredStopAtLevel=1")
                        .protocol(new TextProtocol()));
        server.onReceive(this::received);
        web = server.listen("127.0.0.1", 0);
        web.set(settings -> settings.protocol(HttpProtocol.DEFAULT));
        web.onRequest((_, response) -> response.end("pong"));
        server.onTask((_, task) -> {
            send(task.data().as(SendMail.class));
        });
    }

    Server server() {
        return server;
    }

    /** Where web clients ping. */
    Endpoint web() {
        return web.endpoint();
    }

    /** In the manager, before the first mail is asked for. */
    void mailThrough(Address address) {
        mailServer = address;
    }

    /** How many mails were tried this way; from any thread of the manager. */
    int done(Way way) {
        return counter(way).get();
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
            case INLINE -> answer(connection, way, sentNow(mail, user));
            case TASKS -> server.task(mail, result -> ended(connection, result, user));
        }
    }

    private void ended(Connection connection, Result result, int user) {
        switch (result) {
            case Result.Done _ -> answer(connection, Way.TASKS, sent(user));
            case Result.Failed(_, var failure, _) ->
                    answer(connection, Way.TASKS, failed(user, failure.toString()));
            case Result.TimedOut _, Result.Cancelled _, Result.Lost _ ->
                    answer(connection, Way.TASKS, failed(user, result.toString()));
            case Result.Rejected _ -> connection.close(); // the server is stopping
        }
    }

    private void answer(Connection connection, Way way, String line) {
        counter(way).incrementAndGet();
        connection.send(line);
    }

    /**
     * What the manuals warn against: the event loop waits for the mail server, and every client
     * with it.
     */
    private String sentNow(SendMail mail, int user) {
        try {
            send(mail);
            return sent(user);
        } catch (MessagingException e) {
            return failed(user, e.toString());
        }
    }

    private static String sent(int user) {
        return "sent " + user;
    }

    private static String failed(int user, String reason) {
        return "failed " + user + ": " + reason.lines().findFirst().orElse("");
    }

    private void send(SendMail mail) throws MessagingException {
        mailers.computeIfAbsent(mail.server(), Mailer::new)
                .send(SENDER, mail.to(), "Hello", "This is one of very many mails.");
    }

    private AtomicInteger counter(Way way) {
        return Objects.requireNonNull(done.get(way));
    }
}
