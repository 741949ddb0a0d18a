package dev.shunt.ipc;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The child's end of a link, over a JDK socket: one thread lives in {@link #run} and reads, any thread sends. A sender
 * waits only while more than {@link #MAX_WAITING_BYTES} wait before it. Bytes that are no frame, a failing read and an
 * exception out of {@link LinkEvents} all close the link, with that as the reason.
 */
public final class BlockingLink implements Link {

    // The channel is in non-blocking mode, because a blocking one is closed by the interrupt of any thread that happens
    // to write to it, and the threads that write here run other people's code. Waiting is done in selectors.

    /** How much may wait to be written before {@link #send} makes its caller wait as well. */
    public static final int MAX_WAITING_BYTES = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(BlockingLink.class);
    private static final int READ_BYTES = 128 << 10;

    private final SocketChannel channel;
    private final BlockingLinkWriter writer;
    private volatile @Nullable String closedBecause;
    private volatile @Nullable Selector reading;
    private ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);

    private BlockingLink(SocketChannel channel) {
        this.channel = channel;
        this.writer = new BlockingLinkWriter(channel, this::close);
    }

    /** Connects to the manager's socket. */
    public static BlockingLink connect(Path socket) throws IOException {
        return over(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    /** A link over a connected channel, which it then owns. */
    public static BlockingLink over(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        return new BlockingLink(channel);
    }

    /** Reads until the link is closed by either end; all events come on the calling thread. */
    public void run(LinkEvents events) {
        String reason = readAll(events);
        close(reason);
        events.closed(this, reason);
    }

    @Override
    public void send(Frame frame) {
        writer.send(frame);
    }

    /** Writes what waits, or leaves it to the thread that is writing already; see {@link BlockingLinkWriter}. */
    @Override
    public void flush() {
        writer.flush();
    }

    /** Has another thread write what waits: for a slot that wants to go on with its next task. */
    public void flushSoon() {
        writer.flushSoon();
    }

    /** Waits until all frames sent so far are the kernel's, which delivers them even if this process ends now. */
    public boolean flushAll(Duration atMost) {
        return writer.flushAll(atMost);
    }

    /** Closes at once, from any thread; frames not yet written are dropped. */
    @Override
    public void close() {
        close("closed here");
    }

    private void close(String reason) {
        synchronized (this) {
            if (closedBecause == null) {
                closedBecause = reason;
            }
        }
        writer.close();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a link: {}", e.toString());
        }
        var selector = reading;
        if (selector != null) {
            selector.wakeup();
        }
    }

    private String readAll(LinkEvents events) {
        try (var selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            reading = selector;
            events.opened(this);
            while (closedBecause == null) {
                int room = in.remaining();
                int count = channel.read(in);
                if (count < 0) {
                    return "end of stream";
                }
                deliver(events);
                if (count < room && closedBecause == null) {
                    await(selector);
                }
            }
            return closedBecause;
        } catch (IOException e) {
            return Objects.requireNonNullElse(closedBecause, "reading failed: " + e);
        } catch (BrokenStream e) {
            return "not a frame: " + e.getMessage();
        } catch (RuntimeException e) {
            LOG.error("a frame could not be handled, its link closes", e);
            return "a frame could not be handled: " + e;
        }
    }

    private static void await(Selector selector) throws IOException {
        selector.select();
        selector.selectedKeys().clear();
        // An interrupt means nothing here, and would keep select from waiting.
        Thread.interrupted();
    }

    private void deliver(LinkEvents events) {
        in.flip();
        int delivered = 0;
        for (var frame = next(); frame != null && closedBecause == null; frame = next()) {
            events.received(this, frame);
            delivered++;
        }
        if (delivered > 0) {
            events.receivedAll(this);
        }
        makeRoom();
    }

    private void makeRoom() {
        if (in.position() > 0) {
            in.compact();
        } else {
            in.position(in.limit()).limit(in.capacity());
        }
        if (!in.hasRemaining()) {
            in = ByteBuffer.allocateDirect(Math.multiplyExact(in.capacity(), 2)).put(in.flip());
        } else if (in.position() == 0 && in.capacity() > READ_BYTES) {
            in = ByteBuffer.allocateDirect(READ_BYTES);
        }
    }

    private @Nullable Frame next() {
        try {
            return FrameCodec.decode(in);
        } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new BrokenStream(e);
        }
    }

    private static final class BrokenStream extends RuntimeException {
        private static final long serialVersionUID = 1;

        BrokenStream(RuntimeException cause) {
            super(cause.toString(), cause);
        }
    }
}
