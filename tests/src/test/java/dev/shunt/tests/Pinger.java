package dev.shunt.tests;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client that pings all the time, and fails its test if a ping is not answered. */
final class Pinger implements AutoCloseable {

    private final LineClient client;
    private final Phaser answered = new Phaser(1);
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private volatile boolean stopped;

    Pinger(int port) {
        this(new LineClient(port));
    }

    /** With a client that has read its greeting. */
    Pinger(LineClient client) {
        this.client = client;
        Thread.ofPlatform().daemon().name("pinger").start(this::run);
    }

    private void run() {
        try {
            while (!stopped) {
                String answer = client.ask("ping");
                if (!answer.equals("pong")) {
                    throw new AssertionError("a ping was answered with " + answer);
                }
                answered.arrive();
            }
        } catch (RuntimeException | AssertionError e) {
            failure.completeExceptionally(e);
        }
    }

    /** Waits until so many more pings have been answered: whatever goes on meanwhile, this client is served. */
    void awaitMore(int count) throws InterruptedException, TimeoutException {
        for (int i = 0; i < count; i++) {
            check();
            answered.awaitAdvanceInterruptibly(answered.getPhase(), Program.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void check() {
        if (failure.isCompletedExceptionally()) {
            failure.join();
        }
    }

    @Override
    public void close() {
        check();
        stopped = true;
        client.close();
    }
}
