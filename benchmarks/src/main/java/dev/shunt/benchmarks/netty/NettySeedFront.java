package dev.shunt.benchmarks.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.benchmarks.program.TaskServers;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.string.StringDecoder;

/** A WebSocket front that opens a connection for each message, on its own loop. Arguments: {@code PORT TASK_PORT}. */
public final class NettySeedFront {

    private static final int LONGEST_LINE = 1 << 20;

    private NettySeedFront() {}

    public static void main(String... args) {
        int taskPort = Integer.parseInt(args[1]);
        var taskServers = new TaskServers();
        NettyServer.serve(Integer.parseInt(args[0]), pipeline -> {
            NettyWebSocket.handshake(pipeline);
            pipeline.addLast(new Front(taskPort, taskServers));
        });
    }

    private static final class Front extends SimpleChannelInboundHandler<TextWebSocketFrame> {

        private final int taskPort;
        private final TaskServers taskServers;

        Front(int taskPort, TaskServers taskServers) {
            this.taskPort = taskPort;
            this.taskServers = taskServers;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext client, TextWebSocketFrame message) {
            String line = message.text() + "\n";
            var _ = new Bootstrap()
                    .group(client.channel().eventLoop())
                    .channel(NettyServer.SOCKET)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel task) {
                            task.pipeline()
                                    .addLast(
                                            new LineBasedFrameDecoder(LONGEST_LINE),
                                            new StringDecoder(UTF_8),
                                            new TaskCall(client, line));
                        }
                    })
                    .connect(taskServers.next(), taskPort);
        }
    }

    private static final class TaskCall extends SimpleChannelInboundHandler<String> {

        private final ChannelHandlerContext client;
        private final String line;

        TaskCall(ChannelHandlerContext client, String line) {
            this.client = client;
            this.line = line;
        }

        @Override
        public void channelActive(ChannelHandlerContext task) {
            var _ = task.writeAndFlush(ByteBufUtil.writeUtf8(task.alloc(), line));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext task, String result) {
            var _ = task.close();
            var _ = client.writeAndFlush(new TextWebSocketFrame(result));
        }
    }
}
