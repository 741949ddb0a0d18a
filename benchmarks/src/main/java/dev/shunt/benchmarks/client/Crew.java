package dev.shunt.benchmarks.client;

import dev.shunt.benchmarks.client.Load.Rate;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The connections of one loop, and what they have measured. Lives on that loop, but for the calls of {@link Load}. */
final class Crew {

    static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** How often an open loop looks what is due, at most: it costs the generator some microseconds. */
    private static final long TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    /** The time that counts. */
    record Span(long from, long to) {

        boolean has(long nanoTime) {
            return nanoTime - from >= 0 && nanoTime - to < 0;
        }
    }

    /**
     * What came of the time that counts.
     *
     * @param nanos how long the replies took, and in an open loop how long its end found others waiting
     * @param lateNanos how long after they were due requests left though a connection was free; empty for a closed loop
     */
    record Tally(long replies, Histogram nanos, Histogram lateNanos) {

        static Tally empty() {
            return new Tally(0, new Histogram(LONGEST_NANOS, 3), new Histogram(LONGEST_NANOS, 3));
        }

        Tally plus(Tally other) {
            nanos.add(other.nanos);
            lateNanos.add(other.lateNanos);
            return new Tally(replies + other.replies, nanos, lateNanos);
        }
    }

    private final EventLoop loop;
    private final long threadId;
    private final List<Conversation> conversations = new ArrayList<>();
    private final List<CompletableFuture<Void>> greeted = new ArrayList<>();
    private final Deque<Conversation> free = new ArrayDeque<>();
    private final Histogram nanos = new Histogram(LONGEST_NANOS, 3);
    private final Histogram lateNanos = new Histogram(LONGEST_NANOS, 3);
    private final CompletableFuture<Tally> end = new CompletableFuture<>();
    private Span span = new Span(0, 0);
    private Rate rate = new Rate(false, 0, 0);
    private long sent;
    private long replies;
    private boolean working;

    Crew(EventLoop loop) throws IOException, InterruptedException {
        this.loop = loop;
        threadId = Load.threadId(loop);
    }

    EventLoop loop() {
        return loop;
    }

    long threadId() {
        return threadId;
    }

    void add(Conversation conversation) {
        conversations.add(conversation);
        greeted.add(conversation.greeted());
    }

    CompletableFuture<Void> greeted() {
        return CompletableFuture.allOf(greeted.toArray(CompletableFuture[]::new));
    }

    /** Until the span is over; what is answered later does not count as a reply. */
    CompletableFuture<Tally> work(Span time, Rate due) {
        loop.execute(() -> {
            span = time;
            rate = due;
            working = true;
            var _ = loop.schedule(this::finish, span.to() - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (rate.isOpen()) {
                free.addAll(conversations);
                tick();
            } else {
                conversations.forEach(conversation -> conversation.ask(System.nanoTime()));
            }
        });
        return end;
    }

    CompletableFuture<Void> closed() {
        return CompletableFuture.runAsync(
                () -> {
                    working = false;
                    conversations.forEach(Conversation::close);
                },
                loop);
    }

    /** A reply to what was asked, or was due, at {@code since}. */
    void answered(Conversation conversation, long since) {
        long now = System.nanoTime();
        if (!working) {
            return;
        }
        if (span.has(now)) {
            replies++;
            record(now - since);
        } else if (now - span.to() >= 0) {
            waitedInVain(since);
        }
        if (!rate.isOpen()) {
            conversation.ask(now);
        } else if (rate.due(sent) - now <= 0) {
            send(conversation, 0); // what is late is the server, which has kept all connections busy
        } else {
            free.add(conversation);
        }
    }

    void failed(String reason) {
        if (end.completeExceptionally(new IOException(reason))) {
            working = false;
        }
    }

    private void send(Conversation conversation, long lateBy) {
        long due = rate.due(sent++);
        if (span.has(due)) {
            lateNanos.recordValue(Math.min(lateBy, LONGEST_NANOS));
        }
        conversation.ask(due);
    }

    private void record(long waited) {
        nanos.recordValue(Math.min(waited, LONGEST_NANOS));
    }

    /** A server that falls behind, or stops, would look fast if only its replies counted. */
    private void waitedInVain(long since) {
        if (rate.isOpen() && since - span.to() < 0) {
            record(span.to() - since);
        }
    }

    private void finish() {
        if (rate.isOpen()) {
            var asked = new HashSet<>(conversations);
            asked.removeAll(new HashSet<>(free));
            asked.forEach(conversation -> waitedInVain(conversation.since()));
            for (long next = sent; rate.due(next) - span.to() < 0; next++) {
                waitedInVain(rate.due(next));
            }
        }
        working = false;
        end.complete(new Tally(replies, nanos, lateNanos));
    }

    private void tick() {
        if (!working) {
            return;
        }
        long now = System.nanoTime();
        while (!free.isEmpty() && rate.due(sent) - now <= 0) {
            send(free.remove(), now - rate.due(sent));
            now = System.nanoTime();
        }
        var _ = loop.schedule(this::tick, Math.max(TICK_NANOS, rate.due(sent) - now), TimeUnit.NANOSECONDS);
    }
}
