package dev.shunt.ipc;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The writing half of a {@link BlockingLink}. Whoever flushes first writes for all, later ones return at once and their
 * frames go with the next batch; {@link OutboundFrames} says who writes. A thread that sends writes {@link #BATCHES} at
 * most, and never waits for the socket: then a thread of the link's own takes over, so that no slot is kept from its work
 * and no frame waits for a slot. For those who do not flush, that thread writes what has gathered.
 */
final class BlockingLinkWriter {

    private static final Logger LOG = Log.of(BlockingLinkWriter.class);

    /** Batches that one call of {@link #flush} writes before the link's own thread goes on. */
    private static final int BATCHES = 2;

    private static final int CHUNK_BYTES = 64 << 10;

    private final SocketChannel channel;
    private final Runnable onFailure;
    private final OutboundFrames frames = new OutboundFrames(this::startThread);

    /** Set before the own thread looks at closed, read after closed is set: one of the two sees the other. */
    private volatile @Nullable Selector writable;

    // Belong to whoever writes the batch; none of it is written when there is a new one.
    private int written;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

    BlockingLinkWriter(SocketChannel channel, Runnable onFailure) {
        this.channel = channel;
        this.onFailure = onFailure;
    }

    void send(Frame frame) {
        frames.append(frame);
    }

    void limit(int maxFrameBytes) {
        frames.limit(maxFrameBytes);
    }

    void flush() {
        if (!frames.claim()) {
            return;
        }
        try {
            for (int batches = 0; batches < BATCHES && writeBatch(); batches++) {
                if (!frames.next()) {
                    return;
                }
            }
            frames.handOver();
        } catch (IOException e) {
            fail(e);
        }
    }

    void flushSoon() {
        frames.flushSoon();
    }

    boolean flushAll(Duration atMost) {
        flush();
        return frames.awaitWritten(atMost);
    }

    void close() {
        frames.close();
        var selector = writable;
        if (selector != null) {
            selector.wakeup();
        }
    }

    /** Whether all of the batch is written; if not, the socket takes no more at present. */
    private boolean writeBatch() throws IOException {
        var batch = frames.batch();
        while (written < batch.length()) {
            int size = Math.min(CHUNK_BYTES, batch.length() - written);
            chunk.clear().put(batch.bytes(), written, size).flip();
            int count = channel.write(chunk);
            if (count == 0) {
                return false;
            }
            written += count;
        }
        written = 0;
        return true;
    }

    private void startThread() {
        Thread.ofPlatform()
                .daemon()
                .name("shunt-link-writer")
                .uncaughtExceptionHandler(new FatalErrors())
                .start(this::writeForAll);
    }

    private void writeForAll() {
        try (var selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            writable = selector;
            while (frames.awaitBatch()) {
                do {
                    while (!writeBatch()) {
                        awaitWritable(selector);
                    }
                } while (frames.next());
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void awaitWritable(Selector selector) throws IOException {
        if (frames.isClosed()) {
            throw new ClosedChannelException();
        }
        selector.select();
        selector.selectedKeys().clear();
    }

    private void fail(IOException cause) {
        if (!frames.isClosed()) {
            LOG.debug("writing to a link failed, it closes: {}", cause.toString());
            onFailure.run();
        }
    }
}
