package dev.shunt.benchmarks.netty;

import dev.shunt.benchmarks.program.Listening;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.LineBasedFrameDecoder;

/** Lines back: cut out of the stream by Netty's own decoder, and written as they came. */
public final class NettyEcho {

    private static final int LONGEST_LINE = 1 << 20;

    private NettyEcho() {}

    public static void main(String... args) {
        NettyServer.serve(
                Listening.of(args).port(),
                pipeline -> pipeline.addLast(new LineBasedFrameDecoder(LONGEST_LINE, false, true), new Echo()));
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object line) {
            var _ = context.write(line, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }
}
