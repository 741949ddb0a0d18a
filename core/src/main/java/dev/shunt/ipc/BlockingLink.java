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
 * The child's end of a link, over a JDK socket: one thread lives in {@link #run} and reads, unless the link is lent to those
 * who wait for what comes; any thread sends. A sender waits only while more than {@link #MAX_WAITING_BYTES} wait before it.
 * Bytes that are no frame, a failing read and an exception out of {@link LinkEvents} all close the link, with that as the
 * reason.
 */
public final class BlockingLink implements Link {

    // The channel is in non-blocking mode, because a blocking one is closed by the interrupt of any thread that happens
    // to write to it, and the threads that write here run other people's code. Waiting is done in selectors.

    /** How much may wait to be written before {@link #send} makes its caller wait as well. */
    public static final int MAX_WAITING_BYTES = 4 << 20;

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
     * Lets threads in {@link #readAsGuest} read: pays while what they do with a frame takes less time than to wake another
     * thread. If they stay away for a millisecond or two, the thread in {@link #run} goes on.
     */
    public void lend(boolean toGuests) {
        reader.lend(toGuests);
    }

    /**
     * Waits for frames and hands them over on the calling thread.
     *
     * @param nothingElse asked when it is the caller's turn, right before it waits: no {@link #wakeUp} is missed from then on,
     *     where one before may have ended another guest's waiting
     * @return false, at once, if the link is not lent or another thread reads; true also after a wake-up
     */
    public boolean readAsGuest(BooleanSupplier nothingElse) {
        return reader.readAsGuest(nothingElse);
    }

    /** Ends the waiting of whoever reads, now or next. */
    public void wakeUp() {
        reader.wakeUp();
    }

    /** For a thread that will wait for something that comes over the link, and cannot read it itself. */
    public void readElsewhere() {
        reader.takeBack();
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
