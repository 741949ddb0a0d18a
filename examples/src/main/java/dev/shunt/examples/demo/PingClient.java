package dev.shunt.examples.demo;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * A client that wants an answer every 5 milliseconds and measures how long it waits, on a thread of
 * its own. One answer that comes late also delays the pings after it; they count as late as they
 * would have been (Gil Tene's correction for coordinated omission).
 */
final class PingClient implements AutoCloseable {

    private static final long INTERVAL_NANOS = MILLISECONDS.toNanos(5);
    private static final int WARM_UP_PINGS = 2_000;

    private final Histogram micros = new Histogram(1, MINUTES.toMicros(60), 3);
    private final Pings client;
    private final Thread thread = new Thread(this::run, "ping");
    private volatile boolean stopping;

    /** Warms up both ends, and begins. */
    static PingClient start(Pings pings) throws IOException {
        var ping = new PingClient(pings);
        for (int i = 0; i < WARM_UP_PINGS; i++) {
            ping.answerNanos();
        }
        ping.thread.start();
        return ping;
    }

    private PingClient(Pings client) {
        this.client = client;
    }

    /** Waits for the last answer. */
    Figures.Ping stop() throws InterruptedException {
        stopping = true;
        thread.join();
        return new Figures.Ping(
                micros.getValueAtPercentile(50),
                micros.getValueAtPercentile(99),
                micros.getMaxValue());
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        client.close();
    }

    private void run() {
        try {
            for (long next = System.nanoTime();
                    !stopping;
                    next = Math.max(next + INTERVAL_NANOS, System.nanoTime())) {
                waitUntil(next);
                micros.recordValueWithExpectedInterval(
                        NANOSECONDS.toMicros(answerNanos()), NANOSECONDS.toMicros(INTERVAL_NANOS));
            }
        } catch (IOException _) {
            // the server is stopping, and whoever asked for mails says so
        }
    }

    private static void waitUntil(long nanoTime) {
        for (long rest = nanoTime - System.nanoTime();
                rest > 0;
                rest = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }

    private long answerNanos() throws IOException {
        long sent = System.nanoTime();
        client.ping();
        return System.nanoTime() - sent;
    }
}
