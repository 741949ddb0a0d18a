package dev.shunt.benchmarks.client;

import dev.shunt.benchmarks.client.Load.Rate;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The connections of one loop, and what they have measured. Lives on that loop, but for the calls of {@link Load}. */
final class Crew {

    static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** How often an open loop looks what is due, at most. */
    private static final long TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /** The time that counts. */
    record Span(long from, long to) {}

    private final EventLoop loop;
    private final long threadId;
    private final List<Conversation> conversations = new ArrayList<>();
    private final List<CompletableFuture<Void>> greeted = new ArrayList<>();
    private final Deque<Conversation> free = new ArrayDeque<>();
    private final Histogram nanos = new Histogram(LONGEST_NANOS, 3);
    private final CompletableFuture<Histogram> end = new CompletableFuture<>();
    private Span span = new Span(0, 0);
    private Rate rate = new Rate(false, 0, 0);
    private long sent;
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

    /** Until the span is over; what is answered later does not count. */
    CompletableFuture<Histogram> work(Span time, Rate due) {
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
        if (now - span.from() >= 0 && now - span.to() < 0) {
            nanos.recordValue(Math.min(now - since, LONGEST_NANOS));
        }
        if (!working) {
            return;
        }
        if (!rate.isOpen()) {
            conversation.ask(now);
        } else if (rate.due(sent) - now <= 0) {
            conversation.ask(rate.due(sent++));
        } else {
            free.add(conversation);
        }
    }

    void failed(String reason) {
        if (end.completeExceptionally(new IOException(reason))) {
            working = false;
        }
    }

    private void finish() {
        working = false;
        end.complete(nanos);
    }

    private void tick() {
        if (!working) {
            return;
        }
        long now = System.nanoTime();
        while (!free.isEmpty() && rate.due(sent) - now <= 0) {
            free.remove().ask(rate.due(sent++));
        }
        var _ = loop.schedule(this::tick, Math.max(TICK_NANOS, rate.due(sent) - now), TimeUnit.NANOSECONDS);
    }
}
