package dev.shunt.ipc;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The child's end of a link, over a JDK socket: its owner, the thread in {@link #run}, reads, or, while the link is lent,
 * any other that waits for what comes ({@link ReadToken}); any thread sends ({@link OutboundFrames}). A sender waits only
 * while more than {@link #MAX_WAITING_BYTES} wait before it. Bytes that are no frame, a failing read and an exception out
 * of {@link LinkEvents} all close the link, with that as the reason.
 */
public final class BlockingLink implements Link {

    // The channel is in non-blocking mode, because a blocking one is closed by the interrupt of any thread that happens
    // to write to it, and the threads that write here run other people's code. Waiting is done in selectors.

    /** How much may wait to be written before {@link #send} makes its caller wait as well. */
    public static final int MAX_WAITING_BYTES = OutboundFrames.MAX_WAITING_BYTES;

    private final BlockingLinkReader reader;
    private final BlockingLinkWriter writer;
    private @Nullable String closedBecause;

    private BlockingLink(SocketChannel channel) throws IOException {
        this.reader = new BlockingLinkReader(this, channel, this::close);
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

    /** Reads until the link is closed by either end; {@code opened} and {@code closed} come on the calling thread. */
    public <F extends Frame> void run(FrameDecoder<F> decoder, LinkEvents<F> events) {
        reader.run(decoder, events);
        events.closed(this, closedBecause());
    }

    /**
     * Lets threads in {@link #readIfLent} read: pays while what they do with a frame takes less time than to wake another
     * thread. If they stay away for a millisecond or two, the owner goes on.
     */
    public void lend(boolean toOthers) {
        reader.lend(toOthers);
    }

    /**
     * Waits for frames and hands them over on the calling thread.
     *
     * @param nothingElse asked when it is the caller's turn, right before it waits: no {@link #wakeUp} is missed from
     *     then on, where one before may have ended another thread's waiting
     * @return false, at once, if the link is not lent or another thread reads; true also after a wake-up
     */
    public boolean readIfLent(BooleanSupplier nothingElse) {
        return reader.readIfLent(nothingElse);
    }

    /** Ends the waiting of whoever reads, now or next. */
    public void wakeUp() {
        reader.wakeUp();
    }

    /**
     * Has the owner read: for a thread that will wait for something that comes over the link, and cannot read it
     * itself.
     */
    public void recall() {
        reader.recall();
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

    @Override
    public void limit(int maxFrameBytes) {
        writer.limit(maxFrameBytes);
    }

    /** Has another thread write what waits, after a moment in which more may come: for one that has more to do. */
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
        reader.close();
    }

    private synchronized String closedBecause() {
        return Objects.requireNonNull(closedBecause);
    }
}
