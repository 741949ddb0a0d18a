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
    private static final int WINDOW = 100;

    /**
     * Mails that each way sends unmeasured, until class loading and the JIT compiler are through
     * with most of it.
     */
    private static final int WARM_UP_MAILS = 200;

    private static final int FAILURES_TO_SHOW = 3;

    private final MailService service;
    private final MailServer mailServer;
    private final int users;
    private final boolean http;
    private volatile Way current = Way.INLINE;
    private volatile int warmUpMails = WARM_UP_MAILS;

    /**
     * @param http whether the other client speaks HTTP
     */
    Comparison(MailService service, MailServer mailServer, int users, boolean http) {
        this.service = service;
        this.mailServer = mailServer;
        this.users = users;
        this.http = http;
    }

    Figures run() throws IOException, InterruptedException {
        if (mailServer.isForPlay()) {
            IO.println("warming up ...");
            mail(Way.INLINE, users + 1, users + WARM_UP_MAILS);
            mail(Way.TASKS, users + 1, users + WARM_UP_MAILS);
        }
        warmUpMails = service.done(Way.INLINE);
        return new Figures(users, measure(Way.INLINE), measure(Way.TASKS));
    }

    /** How far it has come, from any thread. */
    String position() {
        Way way = current;
        return String.format(
                Locale.ROOT, "after %,d of %,d mails %s", done(way), users, way.title());
    }

    private int done(Way way) {
        return Math.max(0, service.done(way) - warmUpMails);
    }

    private Figures.OfWay measure(Way way) throws IOException, InterruptedException {
        current = way;
        try (var ping = PingClient.start(pings());
                var _ = new Progress(way, users, () -> done(way))) {
            long start = System.nanoTime();
            mail(way, 1, users);
            double seconds = (System.nanoTime() - start) / (double) SECONDS.toNanos(1);
            return count(way, seconds, ping.stop());
        }
    }

    private void mail(Way way, int firstUser, int lastUser) throws IOException {
        try (var client = new LineClient(server())) {
            int next = firstUser;
            int failures = 0;
            for (int answered = firstUser; answered <= lastUser; answered++) {
                while (next <= lastUser && next - answered < WINDOW) {
                    client.send(way.command() + " " + next++);
                }
                String[] answer = client.receive().split(" ", 2);
                if (answer[0].equals("sent")) {
                    mailServer.accepted(way.recipient(Integer.parseInt(answer[1])));
                } else if (++failures <= FAILURES_TO_SHOW) {
                    System.err.println(way.title() + ", mail to user " + answer[1]);
                }
            }
        }
    }

    private Pings pings() throws IOException {
        return http ? new Pings.OverHttp(Address.of(service.web())) : Pings.ofLines(server());
    }

    private Address server() {
        return Address.of(service.server().endpoint());
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
