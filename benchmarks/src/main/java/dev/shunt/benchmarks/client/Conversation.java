package dev.shunt.benchmarks.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One connection with at most one request outstanding. Lives on its loop. */
final class Conversation extends ChannelInboundHandlerAdapter {

    private enum State {
        GREETING,
        TALKING,
        CLOSING
    }

    private final Dialogue dialogue;
    private final Crew crew;
    private final ByteBuf request;
    private final CompletableFuture<Void> greeted = new CompletableFuture<>();
    private State state = State.GREETING;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf rest;
    private long since;

    Conversation(Dialogue dialogue, Crew crew) {
        this.dialogue = dialogue;
        this.crew = crew;
        byte[] bytes = dialogue.request();
        request = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    }

    CompletableFuture<Void> greeted() {
        return greeted;
    }

    /** Since when the last request counts. */
    long since() {
        return since;
    }

    void ask(long counted) {
        since = counted;
        if (context != null) {
            var _ = context.writeAndFlush(request.retainedDuplicate(), context.voidPromise());
        }
    }

    void close() {
        state = State.CLOSING;
        if (context != null) {
            var _ = context.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        byte[] greeting = dialogue.greeting();
        if (greeting.length == 0) {
            state = State.TALKING;
            greeted.complete(null);
        } else {
            var _ = active.writeAndFlush(Unpooled.wrappedBuffer(greeting));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext active, Object message) {
        var in = (ByteBuf) message;
        if (rest != null) {
            in = Unpooled.wrappedBuffer(rest, in);
            rest = null;
        }
        for (int length = replyLength(in); length > 0; length = replyLength(in)) {
            taken(in.slice(in.readerIndex(), length));
            in.skipBytes(length);
        }
        if (in.isReadable()) {
            rest = in;
        } else {
            in.release();
        }
    }

    private int replyLength(ByteBuf in) {
        return !in.isReadable()
                ? 0
                : state == State.GREETING ? dialogue.greetingReplyLength(in) : dialogue.replyLength(in);
    }

    private void taken(ByteBuf reply) {
        switch (state) {
            case GREETING -> {
                state = State.TALKING;
                greeted.complete(null);
            }
            case TALKING -> {
                String objection = dialogue.objection(reply);
                if (objection.isEmpty()) {
                    crew.answered(this, since);
                } else {
                    failed("a wrong reply: " + objection);
                }
            }
            case CLOSING -> {}
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        context = null;
        request.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext active) {
        if (rest != null) {
            rest.release();
            rest = null;
        }
        if (state != State.CLOSING) {
            failed("the server has hung up");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext active, Throwable cause) {
        failed(String.valueOf(cause.getMessage()));
    }

    private void failed(String reason) {
        close();
        greeted.completeExceptionally(new IOException(reason));
        crew.failed(reason);
    }
}
