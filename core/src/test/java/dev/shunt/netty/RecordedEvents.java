package dev.shunt.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Writes down what happens to all sockets of a listener, and does what a test told it to do,
 * before the test hears of the event. Fails on a wrong thread. */
final class RecordedEvents implements SocketEvents {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    final List<Socket> sockets = new CopyOnWriteArrayList<>();
    final BlockingQueue<Socket> opened = new LinkedBlockingQueue<>();
    final BlockingQueue<Data> received = new LinkedBlockingQueue<>();
    final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    final BlockingQueue<String> closings = new LinkedBlockingQueue<>();
    final BlockingQueue<Socket> drained = new LinkedBlockingQueue<>();
    /** The names of all events in their order. */
    final Queue<String> log = new ConcurrentLinkedQueue<>();

    private volatile Consumer<Socket> onOpened = _ -> {};
    private volatile BiConsumer<Socket, Data> onReceived = (_, _) -> {};
    private volatile Consumer<Socket> onInputEnded = Socket::close;

    static RecordedEvents echoing() {
        return new RecordedEvents().onReceived(Socket::send);
    }

    RecordedEvents onOpened(Consumer<Socket> action) {
        onOpened = action;
        return this;
    }

    RecordedEvents onReceived(BiConsumer<Socket, Data> action) {
        onReceived = action;
        return this;
    }

    RecordedEvents onInputEnded(Consumer<Socket> action) {
        onInputEnded = action;
        return this;
    }

    @Override
    public void opened(Socket socket) {
        note("opened", socket);
        sockets.add(socket);
        onOpened.accept(socket);
        opened.add(socket);
    }

    @Override
    public void received(Socket socket, Data packet) {
        note("received", socket);
        onReceived.accept(socket, packet);
        received.add(packet);
    }

    @Override
    public void failed(Socket socket, String message) {
        note("failed", socket);
        failures.add(message);
    }

    @Override
    public void drained(Socket socket) {
        note("drained", socket);
        drained.add(socket);
    }

    @Override
    public void inputEnded(Socket socket) {
        note("inputEnded", socket);
        onInputEnded.accept(socket);
    }

    @Override
    public void closed(Socket socket, String reason) {
        note("closed", socket);
        closings.add(reason);
    }

    Socket nextOpened() {
        return next(opened, "opened");
    }

    Data nextReceived() {
        return next(received, "received");
    }

    String nextFailure() {
        return next(failures, "failed");
    }

    String nextClosing() {
        return next(closings, "closed");
    }

    Socket nextDrained() {
        return next(drained, "drained");
    }

    private void note(String event, Socket socket) {
        assertThat(socket.loop().inLoop()).as("on its loop's thread").isTrue();
        log.add(event);
    }

    private <T> T next(BlockingQueue<T> events, String name) {
        try {
            T event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(event)
                    .as("no '%s' in time; so far: %s, closed: %s", name, log, closings)
                    .isNotNull();
            return event;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
