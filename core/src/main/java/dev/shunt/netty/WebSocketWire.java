package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Data;
import dev.shunt.http.WebSocketProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/**
 * An open WebSocket, either side: messages out of Netty's frames, control frames answered, messages written as one frame
 * each (their header is written here, so that many share one chunk).
 *
 * <pre>
 *   bytes ──FrameDecoder──► frames ──► ping: pong   close: answer, end   data ──Fragments──► message
 *   violation (1002), bad text (1007), too big (1009) ──► close frame with that code, end
 * </pre>
 */
final class WebSocketWire extends WireHandler {

    private static final Logger LOG = Log.of(WebSocketWire.class);
    private static final SecureRandom MASKS = new SecureRandom();

    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FINAL = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final int MASKED = 0x80;
    private static final int MAX_HEADER_BYTES = 14;
    private static final int MAX_ONE_BYTE_LENGTH = 125;
    private static final int TWO_BYTE_LENGTH = 126;
    private static final int EIGHT_BYTE_LENGTH = 127;
    private static final int RSV1 = 0b100;
    private static final byte[] NOTHING = {};

    private final boolean server;
    private final @Nullable Deflation deflation;
    private final Duration pingInterval;
    private final FrameDecoder decoder;
    private final Fragments fragments;
    /** Messages of a peer that is gone, while nobody wants them yet. */
    private final Queue<Data> last = new ArrayDeque<>(0);

    private boolean pingUnanswered;

    WebSocketWire(SocketLifecycle socket, SocketSpec spec, Agreed agreed) {
        super(socket);
        int maxBytes = spec.limits().maxPackageBytes();
        server = agreed.server();
        deflation = agreed.deflate() ? socket.loop().deflation() : null;
        pingInterval = agreed.settings().pingInterval();
        decoder = new FrameDecoder(socket, server, agreed.deflate(), maxBytes);
        fragments = new Fragments(maxBytes, deflation);
    }

    /** What a handshake has come to, on this side. */
    record Agreed(boolean server, boolean deflate, WebSocketProtocol settings) {}

    /** It is in its pipeline, in the place of the handshake; its decoder follows. */
    void opened() {
        socket.opened(this);
        schedulePing();
    }

    /** What cuts its frames out of bytes; stands before it in the pipeline. */
    FrameDecoder decoder() {
        return decoder;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof WebSocketFrame frame) {
                handle(frame);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof CorruptedWebSocketFrameException violation)) {
            super.exceptionCaught(context, cause);
            return;
        }
        if (socket.wantsInput()) {
            LOG.info("{}: bad input: {}", socket, violation.getMessage());
            sendClose(violation.closeStatus().code());
        }
        socket.closeWhenFlushed("bad input: " + violation.getMessage());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        pingUnanswered = false;
        super.channelReadComplete(context);
    }

    @Override
    public void proceed() {
        while (socket.mayDeliver() && !last.isEmpty()) {
            socket.deliver(last.remove());
        }
        decoder.proceed();
    }

    @Override
    public boolean holds() {
        return !last.isEmpty() || decoder.holds();
    }

    @Override
    public void append(Data.Kind kind, byte[] bytes, Outbox out) {
        boolean valid = kind != Data.Kind.BYTES && Utf8.isValid(bytes);
        boolean text = valid || kind == Data.Kind.TEXT;
        byte[] message = valid || !text ? bytes : new String(bytes, UTF_8).getBytes(UTF_8);
        byte[] deflated = deflation == null ? null : deflation.deflate(message);
        byte[] payload = deflated == null ? message : deflated;
        int first = FINAL | (deflated == null ? 0 : COMPRESSED) | (text ? TEXT : BINARY);
        write(first, payload, out.room(MAX_HEADER_BYTES + payload.length));
    }

    @Override
    public boolean sayGoodbye(Goodbye goodbye) {
        sendClose(
                switch (goodbye) {
                    case DONE -> WebSocketCloseStatus.NORMAL_CLOSURE.code();
                    case SHUTDOWN -> WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code();
                });
        return true;
    }

    private void handle(WebSocketFrame frame) {
        switch (frame) {
            case CloseWebSocketFrame close -> answer(requirePlain(close));
            case PingWebSocketFrame ping -> {
                requirePlain(ping);
                if (!socket.isClosing()) {
                    sendControl(PONG, ByteBufUtil.getBytes(ping.content()));
                }
            }
            case PongWebSocketFrame pong -> requirePlain(pong);
            default -> data(frame);
        }
    }

    private void data(WebSocketFrame frame) {
        if (!socket.wantsInput()) {
            return;
        }
        if (frame instanceof ContinuationWebSocketFrame || frame.rsv() != RSV1) {
            requirePlain(frame);
        }
        Data message = fragments.add(frame);
        if (message == null) {
            return;
        }
        if (socket.mayDeliver() && last.isEmpty()) {
            socket.deliver(message);
        } else {
            last.add(message);
        }
    }

    /** With deflation Netty lets all reserved bits pass; only the first frame of a message may have one. */
    private static <F extends WebSocketFrame> F requirePlain(F frame) {
        if (frame.rsv() != 0) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.PROTOCOL_ERROR, "a reserved bit that means nothing here, RSV " + frame.rsv());
        }
        return frame;
    }

    private void answer(CloseWebSocketFrame close) {
        int code = close.statusCode();
        if (!socket.isClosing()) {
            sendClose(code);
        }
        String reason = code < 0 ? "" : ": " + (code + " " + close.reasonText()).strip();
        socket.closeWhenFlushed("closed by the peer" + reason);
    }

    /** A code below zero stands for none. */
    private void sendClose(int code) {
        sendControl(CLOSE, code < 0 ? NOTHING : new byte[] {(byte) (code >> 8), (byte) code});
    }

    private void sendControl(int opcode, byte[] payload) {
        write(FINAL | opcode, payload, socket.outbox().ownRoom(MAX_HEADER_BYTES + payload.length));
        socket.outbox().appended();
    }

    private void write(int first, byte[] payload, ByteBuf room) {
        int masked = server ? 0 : MASKED;
        room.writeByte(first);
        if (payload.length <= MAX_ONE_BYTE_LENGTH) {
            room.writeByte(masked | payload.length);
        } else if (payload.length <= 0xffff) {
            room.writeByte(masked | TWO_BYTE_LENGTH).writeShort(payload.length);
        } else {
            room.writeByte(masked | EIGHT_BYTE_LENGTH).writeLong(payload.length);
        }
        if (server) {
            room.writeBytes(payload);
        } else {
            int mask = MASKS.nextInt();
            room.writeInt(mask).writeBytes(masked(payload, mask));
        }
    }

    private static byte[] masked(byte[] payload, int mask) {
        var masked = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            masked[i] = (byte) (payload[i] ^ (mask >>> (24 - 8 * (i & 3))));
        }
        return masked;
    }

    private void schedulePing() {
        if (!pingInterval.isZero()) {
            var _ = socket.loop().schedule(this::ping, pingInterval);
        }
    }

    private void ping() {
        if (!socket.isOpen()) {
            return;
        }
        if (pingUnanswered && socket.mayDeliver()) {
            socket.cut("silent for " + pingInterval.toMillis() + " ms after a ping");
            return;
        }
        pingUnanswered = true;
        sendControl(PING, NOTHING);
        schedulePing();
    }
}
