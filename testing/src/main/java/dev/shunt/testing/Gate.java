package dev.shunt.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where handlers stand still, in whatever process they run, until the test lets them go. The test opens one and gives its
 * {@link #port} to the program; the handler calls {@link #pass}. Ten visitors at the gate are ten handlers that run at the
 * same time, which no measured time can prove.
 */
public final class Gate implements AutoCloseable {

    private final ServerSocket door;
    private final BlockingQueue<Visitor> arrived = new LinkedBlockingQueue<>();

    /** All that ever came: the socket of one that no test holds would be closed as soon as it is collected. */
    private final Queue<Visitor> held = new ConcurrentLinkedQueue<>();

    public Gate() {
        try {
            door = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("gate").start(this::admit);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** For handlers: says who is here and blocks until released. Returns what the test answered. */
    public static String pass(int port, String who) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((who + "\n").getBytes(UTF_8));
            String answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
            if (answer == null) {
                throw new IOException("the gate was closed before " + who + " was released");
            }
            return answer;
        }
    }

    /** The next visitor that nobody awaited yet. */
    public Visitor await() {
        try {
            Visitor visitor = arrived.poll(Program.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (visitor == null) {
                throw new AssertionError("nobody came to the gate within " + Program.PATIENCE);
            }
            return visitor;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting at the gate", e);
        }
    }

    /** The next {@code count} visitors, all of them waiting at the gate. */
    public List<Visitor> await(int count) {
        return IntStream.range(0, count).mapToObj(_ -> await()).toList();
    }

    /** How many have come that nobody awaited yet. */
    public int waiting() {
        return arrived.size();
    }

    @Override
    public void close() {
        try {
            door.close();
            held.forEach(Visitor::close);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void admit() {
        while (!door.isClosed()) {
            @Nullable Visitor visitor = next();
            if (visitor != null) {
                held.add(visitor);
                arrived.add(visitor);
            }
        }
    }

    private @Nullable Visitor next() {
        try {
            return Visitor.at(door.accept());
        } catch (IOException e) {
            return null; // the door was closed, or a visitor died on the doorstep
        }
    }
}
