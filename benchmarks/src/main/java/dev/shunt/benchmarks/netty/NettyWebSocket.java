package dev.shunt.benchmarks.netty;

import dev.shunt.benchmarks.program.Listening;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/** WebSocket messages back, through Netty's codecs. */
public final class NettyWebSocket {

    private static final int LONGEST_HANDSHAKE = 8192;

    private NettyWebSocket() {}

    public static void main(String... args) {
        NettyServer.serve(Listening.of(args).port(), pipeline -> {
            handshake(pipeline);
            pipeline.addLast(new Echo());
        });
    }

    static void handshake(ChannelPipeline pipeline) {
        pipeline.addLast(
                new HttpServerCodec(),
                new HttpObjectAggregator(LONGEST_HANDSHAKE),
                new WebSocketServerProtocolHandler("/"));
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            var _ = context.write(frame, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }
}
