package dev.shunt.netty;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Asks the system for the addresses of hosts, on a few threads of its own: the system's answer blocks, and no loop may wait
 * for it. The threads are there only while there is something to ask. Behind hanging questions others wait, until the
 * timeout of their connection.
 */
final class Resolver implements AutoCloseable {

    private static final int THREADS = 4;
    private static final int IDLE_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    Resolver(String name) {
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name(name + "-dns-", 1).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** The host's addresses in the system's order; numeric ones at once. Fails with {@link UnknownHostException}. */
    CompletableFuture<List<InetAddress>> addresses(String host) {
        try {
            return CompletableFuture.completedFuture(List.of(InetAddress.ofLiteral(host)));
        } catch (IllegalArgumentException e) {
            return ask(host);
        }
    }

    private CompletableFuture<List<InetAddress>> ask(String host) {
        return call(() -> List.of(InetAddress.getAllByName(host)));
    }

    /** Something else that reads from disk; fails with what it throws. */
    <T> CompletableFuture<T> call(Callable<T> reading) {
        var answer = new CompletableFuture<T>();
        try {
            threads.execute(() -> {
                try {
                    answer.complete(reading.call());
                } catch (Exception e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
