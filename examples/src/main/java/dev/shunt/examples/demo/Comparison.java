package dev.shunt.examples.demo;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.shunt.examples.Address;
import java.io.IOException;
import java.util.Locale;

/**
 * Has every user mailed both ways and measures. Runs on a thread of its own in the manager, once
 * the server accepts; if the server stops meanwhile it ends with an {@link IOException}.
 */
final class Comparison {

    /** Mails asked for and not answered yet, at most. */
    private static final int WINDOW = 1_000;

    private static final int FAILURES_TO_SHOW = 3;

    private final MailService service;
    private final MailServer mailServer;
    private final int users;
    private volatile Way current = Way.INLINE;

    Comparison(MailService service, MailServer mailServer, int users) {
        this.service = service;
        this.mailServer = mailServer;
        this.users = users;
    }

    Figures run() throws IOException, InterruptedException {
        return new Figures(users, measure(Way.INLINE), measure(Way.TASKS));
    }

    /** How far it has come, from any thread. */
    String position() {
        Way way = current;
        return String.format(
                Locale.ROOT, "after %,d of %,d mails %s", service.done(way), users, way.title());
    }

    private Figures.OfWay measure(Way way) throws IOException, InterruptedException {
        current = way;
        var server = Address.of(service.server().endpoint());
        try (var client = new LineClient(server);
                var ping = PingClient.start(server);
                var _ = new Progress(way, users, () -> service.done(way))) {
            long start = System.nanoTime();
            mailAll(way, client);
            double seconds = (System.nanoTime() - start) / (double) SECONDS.toNanos(1);
            return count(way, seconds, ping.stop());
        }
    }

    private void mailAll(Way way, LineClient client) throws IOException {
        int asked = 0;
        int failures = 0;
        for (int answered = 0; answered < users; answered++) {
            while (asked < users && asked - answered < WINDOW) {
                asked++;
                client.send(way.command() + " " + asked);
            }
            String[] answer = client.receive().split(" ", 2);
            if (answer[0].equals("sent")) {
                mailServer.accepted(way.recipient(Integer.parseInt(answer[1])));
            } else if (++failures <= FAILURES_TO_SHOW) {
                System.err.println(way.title() + ", mail to user " + answer[1]);
            }
        }
    }

    private Figures.OfWay count(Way way, double seconds, Figures.Ping ping) {
        int delivered = 0;
        int duplicates = 0;
        for (int user = 1; user <= users; user++) {
            int received = mailServer.received(way.recipient(user));
            delivered += Math.min(received, 1);
            duplicates += Math.max(received - 1, 0);
        }
        return new Figures.OfWay(delivered, duplicates, seconds, ping);
    }
}
