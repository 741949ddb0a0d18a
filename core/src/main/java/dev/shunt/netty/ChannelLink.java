package dev.shunt.netty;

import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.FrameBuffer;
import dev.shunt.ipc.FrameCodec;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.LinkEvents;
import dev.shunt.log.Log;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The manager's end of a link. Frames to send gather in one {@link FrameBuffer} and leave with one write, at {@link #flush}
 * or at the end of the loop's turn; from other threads through a queue. Frames received are decoded straight from what one
 * read brought. Bytes that are no frame, or a child that does not read, end the link.
 */
final class ChannelLink extends ChannelInboundHandlerAdapter implements Link {

    private static final Logger LOG = Log.of(ChannelLink.class);

    /** So much may wait for a child that does not read. */
    private static final int MAX_WAITING_BYTES = FrameCodec.MAX_FRAME_BYTES;

    /** After a write has failed. */
    private static final Duration END_OF_STREAM_WITHIN = Duration.ofSeconds(1);

    private final Channel channel;
    private final NettyLoop loop;
    private final LinkEvents<FromChild> events;
    private final LinkMemory memory = new LinkMemory();
    private final FrameBuffer frames = new FrameBuffer();
    /** How many bytes of these have been given to the channel. */
    private int given;

    private final Queue<Frame> left = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean collecting = new AtomicBoolean();
    private @Nullable ByteBuf received;
    private @Nullable String reason;
    private boolean reading;
    private boolean flushScheduled;
    private boolean writesMore;
    private boolean ended;
    private boolean unwritable;

    ChannelLink(Channel channel, NettyLoop loop, LinkEvents<FromChild> events) {
        this.channel = channel;
        this.loop = loop;
        this.events = events;
        // Netty would close at a failed write, and drop what a child said before it died.
        channel.config().setAutoClose(false);
        channel.config().setRecvByteBufAllocator(memory);
    }

    @Override
    public void send(Frame frame) {
        if (!loop.inLoop()) {
            left.add(frame);
            if (collecting.compareAndSet(false, true)) {
                loop.ask(this::collect);
            }
            return;
        }
        if (ended) {
            return;
        }
        frames.append(frame);
        if (!reading && !flushScheduled) {
            flushScheduled = true;
            loop.ask(this::flushNow);
        }
    }

    /** On another thread it does nothing: what that thread sent is flushed as soon as the loop has collected it. */
    @Override
    public void flush() {
        if (loop.inLoop()) {
            write();
        }
    }

    @Override
    public void limit(int maxFrameBytes) {
        frames.limit(maxFrameBytes);
    }

    @Override
    public int waiting() {
        return frames.length() - given;
    }

    @Override
    public void close() {
        loop.run(() -> end("closed here"));
    }

    // The loop's thread only

    @Override
    public void channelActive(ChannelHandlerContext context) {
        events.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        if (ended) {
            bytes.release();
            return;
        }
        reading = true;
        received = KeptBytes.with(received, bytes);
        try {
            decode(received);
        } finally {
            if (received.isReadable()) {
                received = KeptBytes.of(received);
            } else {
                received.release();
                received = null;
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        if (!ended) {
            events.receivedAll(this);
        }
        write();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("end of stream");
        if (received != null) {
            received.release();
            received = null;
        }
        events.closed(this, reason == null ? "end of stream" : reason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        GuardedLoop.endIfFatal(context, cause);
        if (cause instanceof IOException) {
            unwritable(String.valueOf(cause.getMessage()));
        } else {
            LOG.error("{}: closed, because its handler threw", this, cause);
            end("its handler threw " + cause);
        }
    }

    /** The child is dying or dead. What it wrote before is still to be read, and then comes the end of the stream. */
    private void unwritable(String why) {
        if (!unwritable) {
            unwritable = true;
            var _ = loop.schedule(() -> end(why), END_OF_STREAM_WITHIN);
        }
    }

    private void decode(ByteBuf bytes) {
        ByteBuffer unread = bytes.nioBuffer();
        try {
            while (!ended) {
                FromChild frame = next(unread);
                if (frame == null) {
                    break;
                }
                events.received(this, frame);
            }
        } finally {
            bytes.readerIndex(bytes.writerIndex() - unread.remaining());
        }
    }

    /** Null if no whole frame is left, or what is left is none, and then the link has ended. */
    private @Nullable FromChild next(ByteBuffer unread) {
        try {
            return FrameCodec.fromChild(unread);
        } catch (RuntimeException e) {
            LOG.warn("{}: closed, because what came is no frame: {}", this, e.toString());
            end("no frame: " + e.getMessage());
            return null;
        }
    }

    private void collect() {
        collecting.set(false);
        for (Frame frame = left.poll(); frame != null; frame = left.poll()) {
            try {
                send(frame);
            } catch (IllegalArgumentException e) { // too long; those behind it are not
                LOG.error("{}: a {} is dropped", this, frame.getClass().getSimpleName(), e);
            }
        }
    }

    private void flushNow() {
        flushScheduled = false;
        write();
    }

    private void write() {
        if (unwritable || !channel.isActive()) {
            frames.clear();
            given = 0;
        }
        while (given < frames.length() && memory.mayWrite()) {
            var next = memory.toWrite(frames.bytes(), given, frames.length());
            given += next.readableBytes();
            var _ = channel.writeAndFlush(next, channel.voidPromise());
        }
        if (given >= frames.length()) {
            frames.clear();
            given = 0;
        } else {
            writeMoreLater();
        }
    }

    /** The child reads more slowly than it is sent to. */
    private void writeMoreLater() {
        if (given > frames.length() / 2) {
            frames.removeFirst(given);
            given = 0;
        }
        int waiting = frames.length() - given;
        if (waiting > MAX_WAITING_BYTES && !ended) {
            LOG.warn("{}: closed, because {} bytes wait that the child does not read", this, waiting);
            ended = true;
            reason = "the child does not read";
            var _ = channel.close();
        } else if (!writesMore) {
            writesMore = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
                writesMore = false;
                write();
            });
        }
    }

    private void end(String why) {
        if (ended) {
            return;
        }
        write();
        ended = true;
        reason = why;
        var _ = channel.close();
    }

    @Override
    public String toString() {
        return "link " + channel.id().asShortText();
    }
}
