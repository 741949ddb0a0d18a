package dev.shunt.benchmarks.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import dev.shunt.benchmarks.program.TaskServers;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;

/** A line, an answer, on the event loop. */
public final class NettySeedTaskServer {

    private static final int LONGEST_LINE = 1 << 20;

    private NettySeedTaskServer() {}

    public static void main(String... args) {
        NettyServer.serve(
                TaskServers.ANY,
                Listening.of(args).port(),
                pipeline -> pipeline.addLast(
                        new LineBasedFrameDecoder(LONGEST_LINE), new StringDecoder(UTF_8), new Answer()));
    }

    private static final class Answer extends SimpleChannelInboundHandler<String> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, String line) {
            var _ = context.writeAndFlush(ByteBufUtil.writeUtf8(context.alloc(), Job.answer(line) + "\n"));
        }
    }
}
