package dev.shunt.process;

import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.FrameCodec;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.LinkEvents;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** A manager's socket over the JDK: a thread per link, all events brought to one executor. */
final class UnixListener implements AutoCloseable {

    private final ServerSocketChannel server;
    private final Executor executor;
    private final LinkEvents<FromChild> events;

    UnixListener(Path socket, Executor executor, LinkEvents<FromChild> events) throws IOException {
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        this.executor = executor;
        this.events = events;
        Thread.ofVirtual().start(this::accept);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                var link = BlockingLink.over(server.accept());
                Thread.ofPlatform().daemon().start(() -> link.run(FrameCodec::fromChild, new OnExecutor()));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private final class OnExecutor implements LinkEvents<FromChild> {
        @Override
        public void opened(Link link) {
            executor.execute(() -> events.opened(link));
        }

        @Override
        public void received(Link link, FromChild frame) {
            executor.execute(() -> events.received(link, frame));
        }

        @Override
        public void receivedAll(Link link) {
            executor.execute(() -> events.receivedAll(link));
        }

        @Override
        public void closed(Link link, String reason) {
            executor.execute(() -> events.closed(link, reason));
        }
    }
}
