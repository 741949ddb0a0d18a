package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shunt.testing.RawClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Clients of {@code Chaos} of which each takes more than its part: some flood it with large tasks, some send half messages,
 * some do not read what they asked for. One of them comes at each {@link #step}.
 */
final class ChaosMob implements AutoCloseable {

    private static final int FLOOD_BYTES = 512 << 10;
    private static final int MANY = 30;

    private final int port;
    private final Random random;
    private final Deque<RawClient> staying = new ArrayDeque<>();
    private final ExecutorService flooders = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> done = new TreeMap<>();

    ChaosMob(int port, Random random) {
        this.port = port;
        this.random = random;
    }

    void step() {
        switch (random.nextInt(6)) {
            case 0 -> flood(20 + random.nextInt(160));
            case 1, 2 -> halfMessage((1 + random.nextInt(9)) << 20);
            case 3 -> slowReader();
            case 4 -> reset();
            default -> {}
        }
    }

    /** What was done how often. */
    Map<String, Integer> done() {
        return done;
    }

    private void flood(int tasks) {
        count("flood");
        byte[] line = line("flood ", FLOOD_BYTES);
        flooders.execute(() -> {
            try (var client = new RawClient(port)) {
                for (int i = 0; i < tasks; i++) {
                    client.send(line);
                }
            } catch (UncheckedIOException e) {
                IO.println("a flooder is cut: " + e.getMessage());
            }
        });
    }

    private void halfMessage(int bytes) {
        count("half message");
        var client = stay();
        try {
            client.sendUntilStalled(line("half ", 64 << 10), bytes, Duration.ofMillis(50));
        } catch (UncheckedIOException e) {
            IO.println("half a message is cut: " + e.getMessage());
        }
    }

    private void slowReader() {
        count("slow reader");
        var client = stay();
        for (int i = 0; i < 3; i++) {
            client.send("blob 6000000\n".getBytes(US_ASCII));
        }
    }

    private RawClient stay() {
        while (staying.size() >= MANY) {
            staying.remove().reset();
        }
        var client = new RawClient(port);
        staying.add(client);
        return client;
    }

    private void reset() {
        if (!staying.isEmpty()) {
            staying.remove().reset();
            count("reset");
        }
    }

    private void count(String what) {
        done.merge(what, 1, Integer::sum);
    }

    /** Of which a half has no end. */
    private static byte[] line(String begin, int bytes) {
        byte[] line = new byte[bytes];
        Arrays.fill(line, (byte) 'x');
        byte[] verb = begin.getBytes(US_ASCII);
        System.arraycopy(verb, 0, line, 0, verb.length);
        if (begin.startsWith("flood")) {
            line[bytes - 1] = '\n';
        }
        return line;
    }

    @Override
    public void close() {
        staying.forEach(RawClient::reset);
        staying.clear();
        flooders.close();
    }
}
