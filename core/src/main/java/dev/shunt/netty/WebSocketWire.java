package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Data;
import dev.shunt.http.ControlFrame;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.log.Log;
import dev.shunt.net.CloseStatus;
import dev.shunt.netty.FrameCutter.Unmasking;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * An open WebSocket, either side: messages out of frames, control frames answered, messages written as one frame
 * each (their header is written here, so that many share one chunk).
 *
 * <pre>
 *   bytes ──FrameCutter──► ping: pong   close: end of input   pieces of data ──Fragments──► message
 *   violation (1002), bad text (1007), too big (1009) ──► close frame with that code, end
 * </pre>
 */
final class WebSocketWire extends WireHandler implements FrameCutter.Frames {

    private static final Logger LOG = Log.of(WebSocketWire.class);
    private static final SecureRandom MASKS = new SecureRandom();

    private static final int FINAL = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final int MASKED = 0x80;
    private static final int MAX_HEADER_BYTES = 14;
    private static final int MAX_ONE_BYTE_LENGTH = 125;
    private static final int TWO_BYTE_LENGTH = 126;
    private static final int EIGHT_BYTE_LENGTH = 127;
    private static final int MAX_CODE = 4999;
    private static final byte[] NOTHING = {};

    private final boolean server;
    private final @Nullable Deflation deflation;
    private final Duration pingInterval;
    private final boolean tellsOfControl;
    private final FrameCutter decoder;
    private final Fragments fragments;
    private @Nullable ByteBuf unread;
    private boolean decoding;
    private boolean messageEnded;
    /** It said goodbye, or what it said was wrong, and nothing that follows means anything. */
    private boolean ended;
    /** The code that the peer closes with, which is answered when all that came before is handled; below zero for none. */
    private OptionalInt farewell = OptionalInt.empty();

    private boolean pingUnanswered;
    private @Nullable Future<?> nextPing;

    WebSocketWire(SocketLifecycle socket, SocketSpec spec, Agreed agreed) {
        super(socket);
        int maxBytes = spec.limits().maxPackageBytes();
        server = agreed.server();
        deflation = agreed.deflate() ? socket.loop().deflation() : null;
        pingInterval = agreed.settings().pingInterval();
        tellsOfControl = agreed.settings().controlEvents();
        decoder = new FrameCutter(server, agreed.deflate(), maxBytes, this);
        fragments = new Fragments(maxBytes, deflation);
    }

    /** What a handshake has come to, on this side. */
    record Agreed(boolean server, boolean deflate, WebSocketProtocol settings) {}

    /** It is in its pipeline, in the place of the handshake. */
    void opened() {
        socket.opened(this);
        schedulePing();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        unread = KeptBytes.with(unread, (ByteBuf) message);
        socket.reading();
        proceed();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        pingUnanswered = false;
        super.channelReadComplete(context);
    }

    /** A ping that is due in an hour would keep all that hangs on this socket so long. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (nextPing != null) {
            nextPing.cancel(false);
        }
        super.channelInactive(context);
    }

    /** Decodes the next frame only if it is wanted now; what comes after it stays as bytes. */
    @Override
    public void proceed() {
        if (decoding || unread == null) {
            return;
        }
        decoding = true;
        messageEnded = false;
        try {
            while (unread.isReadable()
                    && !ended
                    && (socket.mayDeliver() || socket.isClosing())
                    && decoder.decode(unread)) {}
        } catch (CorruptedWebSocketFrameException violation) {
            end(violation);
        } finally {
            decoding = false;
            keep(unread);
        }
    }

    private void keep(ByteBuf bytes) {
        boolean wanted = !ended && (socket.wantsInput() || socket.isClosing());
        unread = null; // should there be no memory to keep it, it is gone
        if (bytes.isReadable() && wanted) {
            unread = KeptBytes.of(bytes);
        } else {
            bytes.release();
        }
        if (!socket.wantsInput()) {
            fragments.drop();
        }
        int kept = unread == null ? 0 : unread.capacity();
        boolean none = decoder.isBetweenMessages() && unread == null;
        int ofMessage = fragments.length() + (unread == null ? 0 : unread.readableBytes());
        socket.holds((long) kept + fragments.held(), none ? 0 : Math.max(1, ofMessage), messageEnded);
    }

    private void end(CorruptedWebSocketFrameException violation) {
        ended = true;
        if (socket.wantsInput()) {
            LOG.info("{}: bad input: {}", socket, violation.getMessage());
            sendClose(violation.closeStatus().code());
        }
        socket.closeWhenFlushed("bad input: " + violation.getMessage());
    }

    @Override
    public void drop() {
        if (decoding) {
            return; // the end of that does it
        }
        if (unread != null) {
            unread.release();
            unread = null;
        }
        fragments.drop();
    }

    @Override
    public boolean holds() {
        return unread != null;
    }

    /** Each client masks its own frames, but a server's are the same for all. */
    @Override
    public void append(SharedPacket packet, Outbox out) {
        if (!server) {
            append(packet.kind(), packet.bytes(), out);
            return;
        }
        byte[] frame = deflation == null
                ? packet.frame(() -> frame(packet.kind(), packet.bytes()))
                : packet.deflatedFrame(() -> frame(packet.kind(), packet.bytes()));
        out.room(frame.length).writeBytes(frame);
    }

    private byte[] frame(Data.Kind kind, byte[] bytes) {
        var frame = Unpooled.buffer(MAX_HEADER_BYTES + bytes.length);
        append(kind, bytes, _ -> frame);
        return ByteBufUtil.getBytes(frame);
    }

    @Override
    public void append(Data.Kind kind, byte[] bytes, Outbox out) {
        append(kind, bytes, out::room);
    }

    private void append(Data.Kind kind, byte[] bytes, IntFunction<ByteBuf> room) {
        if (kind == Data.Kind.OBJECT && ControlFrame.isOne(bytes)) {
            var frame = ControlFrame.of(bytes);
            byte[] content = frame.data().bytes();
            int opcode = frame.type() == ControlFrame.Type.PING ? FrameCutter.PING : FrameCutter.PONG;
            write(FINAL | opcode, content, room.apply(MAX_HEADER_BYTES + content.length));
            return;
        }
        boolean valid = kind != Data.Kind.BYTES && Utf8.isValid(bytes);
        boolean text = valid || kind == Data.Kind.TEXT;
        byte[] message = valid || !text ? bytes : new String(bytes, UTF_8).getBytes(UTF_8);
        byte[] deflated = deflation == null ? null : deflation.deflate(message);
        byte[] payload = deflated == null ? message : deflated;
        int first = FINAL | (deflated == null ? 0 : COMPRESSED) | (text ? FrameCutter.TEXT : FrameCutter.BINARY);
        write(first, payload, room.apply(MAX_HEADER_BYTES + payload.length));
    }

    @Override
    public boolean sayGoodbye(CloseStatus why) {
        if (farewell.isPresent()) {
            sendClose(farewell.getAsInt());
            return false;
        }
        sendControl(FrameCutter.CLOSE, why.encoded());
        return true;
    }

    @Override
    public void begun(boolean text, boolean compressed) {
        fragments.begin(text, compressed);
    }

    @Override
    public void piece(ByteBuf in, int bytes, Unmasking mask, int expected) {
        if (socket.wantsInput()) {
            fragments.add(in, bytes, mask, expected);
        } else {
            in.skipBytes(bytes);
        }
    }

    @Override
    public void ended() {
        messageEnded = true;
        if (socket.wantsInput()) {
            socket.deliver(fragments.end());
        }
    }

    @Override
    public void control(int opcode, byte[] payload) {
        switch (opcode) {
            case FrameCutter.CLOSE -> closed(payload);
            case FrameCutter.PING -> {
                if (!socket.isClosing()) {
                    sendControl(FrameCutter.PONG, payload);
                    heard(ControlFrame.Type.PING, payload);
                }
            }
            default -> heard(ControlFrame.Type.PONG, payload); // a sign of life as all that comes
        }
    }

    private void heard(ControlFrame.Type type, byte[] payload) {
        if (tellsOfControl && socket.wantsInput()) {
            socket.deliver(new ControlFrame(type, Data.of(payload)).packet());
        }
    }

    private void closed(byte[] close) {
        int code = close.length == 0 ? -1 : ((close[0] & 0xff) << 8) | (close[1] & 0xff);
        if (code > MAX_CODE || (code >= 0 && !WebSocketCloseStatus.isValidStatusCode(code))) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.PROTOCOL_ERROR, "a close frame with the code " + code);
        }
        byte[] reason = code < 0 ? NOTHING : Arrays.copyOfRange(close, 2, close.length);
        if (!Utf8.isValid(reason)) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "a close reason that is not UTF-8");
        }
        boolean answered = socket.isClosing();
        ended = true;
        farewell = OptionalInt.of(code);
        var why = code < 0 ? CloseStatus.NO_CODE : new CloseStatus(code, new String(reason, UTF_8));
        String said = "closed by the peer" + (code < 0 ? "" : ": " + (code + " " + why.reason()).strip());
        socket.heard(why, said);
        if (answered) {
            socket.closeWhenFlushed(said);
        }
    }

    /** A code below zero stands for none. */
    private void sendClose(int code) {
        sendControl(FrameCutter.CLOSE, code < 0 ? NOTHING : new byte[] {(byte) (code >> 8), (byte) code});
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
            nextPing = socket.loop().schedule(this::ping, pingInterval);
        }
    }

    private void ping() {
        if (!socket.isOpen() || ended) {
            return;
        }
        if (pingUnanswered && socket.mayDeliver()) {
            socket.cut("silent for " + pingInterval.toMillis() + " ms after a ping");
            return;
        }
        pingUnanswered = true;
        sendControl(FrameCutter.PING, NOTHING);
        schedulePing();
    }
}
