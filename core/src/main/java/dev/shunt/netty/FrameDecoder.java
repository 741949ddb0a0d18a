package dev.shunt.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder of WebSocket frames, which here decodes the next frame only if it is wanted now; what comes after it
 * stays as bytes. When the peer is gone it decodes what there is, for the bytes would not outlive the pipeline.
 */
final class FrameDecoder extends WebSocket13FrameDecoder {

    private final SocketLifecycle socket;
    private @Nullable ChannelHandlerContext context;
    private boolean decoding;
    private boolean disconnected;

    FrameDecoder(SocketLifecycle socket, boolean server, boolean deflate, int maxPackageBytes) {
        super(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(server)
                .allowExtensions(deflate)
                .maxFramePayloadLength(maxPackageBytes)
                .closeOnProtocolViolation(false)
                .build());
        this.socket = socket;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        socket.reading();
        super.channelRead(context, message);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
        if (socket.mayDeliver() || socket.isClosing() || (disconnected && socket.wantsInput())) {
            super.decode(context, bytes, out);
        } else if (!socket.wantsInput()) {
            bytes.skipBytes(bytes.readableBytes());
        }
    }

    @Override
    protected void callDecode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
        decoding = true;
        try {
            super.callDecode(context, bytes, out);
        } finally {
            decoding = false;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Netty's own would ask for more input here while the socket's owner wants none.
        discardSomeReadBytes();
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        disconnected = true;
        super.channelInactive(context);
    }

    boolean holds() {
        return actualReadableBytes() > 0;
    }

    /** Goes on with what is held, unless it is at it. */
    void proceed() {
        if (decoding || context == null || context.isRemoved()) {
            return;
        }
        try {
            super.channelRead(context, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
    }
}
