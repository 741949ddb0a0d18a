package dev.shunt.benchmarks.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shunt.benchmarks.program.Listening;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A greeting for every request, and for an upload how long it was, through Netty's HTTP codec and with the duties of a server:
 * limits, whole bodies, {@code Connection: close}, {@code Expect}, an idle timeout, a {@code Date}.
 */
public final class NettyHttp {

    private static final int MAX_LINE_BYTES = 8 << 10;
    private static final int MAX_HEADERS_BYTES = 16 << 10;
    private static final int MAX_PIECE_BYTES = 64 << 10;
    private static final int MAX_BODY_BYTES = 10 << 20;
    private static final int IDLE_SECONDS = 75;

    private static final ByteBuf HELLO =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes("Hello, World!".getBytes(US_ASCII)));

    private NettyHttp() {}

    public static void main(String... args) {
        NettyServer.serve(
                Listening.of(args).port(),
                pipeline -> pipeline.addLast(
                        new IdleStateHandler(IDLE_SECONDS, 0, 0),
                        new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADERS_BYTES, MAX_PIECE_BYTES),
                        new HttpServerKeepAliveHandler(),
                        new HttpObjectAggregator(MAX_BODY_BYTES),
                        new Hello()));
    }

    private static final class Hello extends ChannelInboundHandlerAdapter {

        private final Clock clock = new Clock();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof FullHttpRequest request) {
                    var response = request.decoderResult().isSuccess()
                            ? answered(body(request), HttpResponseStatus.OK)
                            : answered(Unpooled.EMPTY_BUFFER, HttpResponseStatus.BAD_REQUEST);
                    var _ = context.write(response, context.voidPromise());
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private static ByteBuf body(FullHttpRequest request) {
            return request.method().equals(HttpMethod.POST)
                    ? Unpooled.copiedBuffer("got " + request.content().readableBytes() + " bytes", US_ASCII)
                    : HELLO.duplicate();
        }

        private DefaultFullHttpResponse answered(ByteBuf body, HttpResponseStatus status) {
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
                    .set(HttpHeaderNames.DATE, clock.date())
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            return response;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent idle && idle.state() == IdleState.READER_IDLE) {
                var _ = context.close();
            }
        }
    }

    /** The date as HTTP writes it, made once a second. */
    private static final class Clock {

        private long second;
        private @Nullable AsciiString text;

        AsciiString date() {
            long now = System.currentTimeMillis() / 1_000;
            var known = text;
            if (known == null || now != second) {
                second = now;
                known = AsciiString.of(DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.ofEpochSecond(now).atOffset(ZoneOffset.UTC)));
                text = known;
            }
            return known;
        }
    }
}
