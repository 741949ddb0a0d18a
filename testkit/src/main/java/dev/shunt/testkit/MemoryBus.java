package dev.shunt.testkit;

import dev.shunt.bus.Bus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bus that several nodes of one JVM share, in memory: for tests of programs that are nodes of a fleet, with no database.
 * {@code server.set(s -> s.bus(bus.as("a")))} on each. {@link #cut} is a network that fails. Safe for use by any thread.
 */
public final class MemoryBus implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("memory-bus").daemon().factory());
    private final Map<Integer, Node> nodes = new LinkedHashMap<>();
    private int last;

    /** For a node of that name. */
    public Bus.Opener as(String name) {
        return listener -> {
            synchronized (nodes) {
                var node = new Node(++last, name, listener);
                nodes.put(node.number, node);
                return node;
            }
        };
    }

    /** Nodes of that name hear nothing of others, and others nothing of them, until {@link #mend}. */
    public void cut(String name) {
        change(name, true);
    }

    public void mend(String name) {
        change(name, false);
    }

    private void change(String name, boolean cut) {
        synchronized (nodes) {
            nodes.values().stream().filter(node -> node.name.equals(name)).forEach(node -> node.isCut = cut);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }

    private final class Node implements Bus {

        private final int number;
        private final String name;
        private final Listener listener;
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong received = new AtomicLong();
        private final AtomicLong gaps = new AtomicLong();
        private final AtomicLong dropped = new AtomicLong();
        private volatile boolean isCut;

        Node(int number, String name, Listener listener) {
            this.number = number;
            this.name = name;
            this.listener = listener;
        }

        @Override
        public int node() {
            return number;
        }

        @Override
        public boolean send(int node, byte[] message) {
            synchronized (nodes) {
                var to = nodes.get(node);
                return send(to == null || to == this ? List.of() : List.of(to), message);
            }
        }

        @Override
        public boolean all(byte[] message) {
            synchronized (nodes) {
                return send(nodes.values().stream().filter(node -> node != this).toList(), message);
            }
        }

        private boolean send(List<Node> to, byte[] message) {
            if (isCut) {
                dropped.incrementAndGet();
                to.forEach(node -> node.gaps.incrementAndGet());
                return false;
            }
            sent.incrementAndGet();
            to.forEach(node -> node.hear(number, message));
            return true;
        }

        private void hear(int from, byte[] message) {
            if (isCut) {
                gaps.incrementAndGet();
                return;
            }
            thread.execute(() -> {
                received.incrementAndGet();
                listener.received(from, message);
            });
        }

        @Override
        public Counts counts() {
            synchronized (nodes) {
                return new Counts(nodes.size(), sent.get(), received.get(), gaps.get(), dropped.get(), !isCut);
            }
        }

        @Override
        public void close() {
            synchronized (nodes) {
                nodes.remove(number);
            }
        }
    }
}
