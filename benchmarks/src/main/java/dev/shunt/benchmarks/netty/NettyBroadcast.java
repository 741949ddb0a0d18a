package dev.shunt.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;

/** A line to everyone, by Netty's group of channels, for each line of anyone. */
public final class NettyBroadcast {

    private static final int LONGEST = 8192;

    private NettyBroadcast() {}

    public static void main(String... args) {
        byte[] line = (args[1] + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuf message = Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(line.length).writeBytes(line).asReadOnly());
        var all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        NettyServer.serve(
                Integer.parseInt(args[0]),
                pipeline -> pipeline.addLast(new LineBasedFrameDecoder(LONGEST), new Speaker(all, message)));
    }

    private static final class Speaker extends ChannelInboundHandlerAdapter {

        private final ChannelGroup all;
        private final ByteBuf message;

        Speaker(ChannelGroup all, ByteBuf message) {
            this.all = all;
            this.message = message;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            all.add(context.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object line) {
            ((ByteBuf) line).release();
            var _ = all.writeAndFlush(message.duplicate(), channel -> true, true);
        }
    }
}
