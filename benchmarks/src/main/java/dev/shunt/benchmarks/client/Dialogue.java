package dev.shunt.benchmarks.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * What a connection says, always the same, and how long the replies are. The bytes are made once: the generator shall cost
 * less than what it measures.
 */
public interface Dialogue {

    /** Said once, before the first request; empty for nothing. */
    default byte[] greeting() {
        return new byte[0];
    }

    byte[] request();

    /** The length of the reply that begins at the reader's index, 0 as long as it is not there whole. Moves nothing. */
    int replyLength(ByteBuf in);

    /** What is wrong with a whole reply; empty for nothing. Asked for the first reply of each connection. */
    String objection(ByteBuf reply);

    /** The length of the reply to the greeting, as {@link #replyLength}. */
    default int greetingReplyLength(ByteBuf in) {
        return replyLength(in);
    }

    private static String shown(ByteBuf reply) {
        return reply.toString(US_ASCII).strip();
    }

    /** A line of so many bytes, its line feed included. With {@code echo}, the reply must be the same. */
    record Lines(byte[] request, boolean echo) implements Dialogue {

        public static Lines ofBytes(int bytes, boolean echo) {
            return new Lines(("x".repeat(bytes - 1) + "\n").getBytes(US_ASCII), echo);
        }

        @Override
        public int replyLength(ByteBuf in) {
            return in.bytesBefore((byte) '\n') + 1;
        }

        @Override
        public String objection(ByteBuf reply) {
            boolean same = reply.readableBytes() == request.length
                    && ByteBufUtil.equals(reply, Unpooled.wrappedBuffer(request));
            return !echo || same ? "" : "not the line that was sent, but '" + shown(reply) + "'";
        }
    }

    /** A request without body, kept alive. */
    record Http(byte[] request) implements Dialogue {

        private static final byte[] END = "\r\n\r\n".getBytes(US_ASCII);
        private static final String LENGTH = "content-length:";

        public static Http get() {
            return new Http(
                    "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n".getBytes(US_ASCII));
        }

        @Override
        public int replyLength(ByteBuf in) {
            int head = headLength(in);
            if (head == 0) {
                return 0;
            }
            int whole = head + bodyLength(in, head);
            return in.readableBytes() < whole ? 0 : whole;
        }

        static int headLength(ByteBuf in) {
            int last = in.writerIndex() - END.length;
            for (int i = in.readerIndex(); i <= last; i++) {
                if (in.getByte(i) == '\r' && in.getByte(i + 2) == '\r' && in.getByte(i + 3) == '\n') {
                    return i + END.length - in.readerIndex();
                }
            }
            return 0;
        }

        private static int bodyLength(ByteBuf in, int head) {
            int end = in.readerIndex() + head;
            for (int i = in.readerIndex(); i < end; i++) {
                if (in.getByte(i) == '\n' && isLength(in, i + 1, end)) {
                    return number(in, i + 1 + LENGTH.length());
                }
            }
            throw new IllegalArgumentException("a response without Content-Length: "
                    + in.toString(in.readerIndex(), head, US_ASCII).strip());
        }

        private static boolean isLength(ByteBuf in, int start, int end) {
            if (end - start < LENGTH.length()) {
                return false;
            }
            for (int i = 0; i < LENGTH.length(); i++) {
                int c = in.getByte(start + i);
                if ((c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c) != LENGTH.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private static int number(ByteBuf in, int start) {
            int value = 0;
            for (int i = start; in.getByte(i) != '\r'; i++) {
                value = in.getByte(i) == ' ' ? value : value * 10 + in.getByte(i) - '0';
            }
            return value;
        }

        @Override
        public String objection(ByteBuf reply) {
            String text = shown(reply);
            return text.startsWith("HTTP/1.1 200") ? "" : "'" + text + "'";
        }
    }

    /** Text messages of so many bytes. With {@code echo}, the reply must be the same. */
    record WebSocket(byte[] request, byte[] text, boolean echo) implements Dialogue {

        private static final byte[] GREETING = """
                GET / HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                \r
                """.getBytes(US_ASCII);
        private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};
        private static final int FINAL_TEXT = 0x81;
        private static final int MASKED = 0x80;
        private static final int LONGEST = 125;
        private static final int LONG = 126;

        public static WebSocket ofBytes(int bytes, boolean echo) {
            if (bytes > LONGEST) {
                throw new IllegalArgumentException("a message of " + bytes + " bytes, above " + LONGEST);
            }
            byte[] text = "x".repeat(bytes).getBytes(US_ASCII);
            var frame = Unpooled.buffer();
            frame.writeByte(FINAL_TEXT).writeByte(MASKED | bytes).writeBytes(MASK);
            for (int i = 0; i < bytes; i++) {
                frame.writeByte(text[i] ^ MASK[i % MASK.length]);
            }
            return new WebSocket(ByteBufUtil.getBytes(frame), text, echo);
        }

        @Override
        public byte[] greeting() {
            return GREETING;
        }

        @Override
        public int greetingReplyLength(ByteBuf in) {
            return Http.headLength(in);
        }

        @Override
        public int replyLength(ByteBuf in) {
            if (in.readableBytes() < 4) {
                return 0;
            }
            int length = in.getByte(in.readerIndex() + 1);
            int whole = length == LONG ? 4 + in.getUnsignedShort(in.readerIndex() + 2) : 2 + length;
            return in.readableBytes() < whole ? 0 : whole;
        }

        @Override
        public String objection(ByteBuf reply) {
            if ((reply.getByte(reply.readerIndex()) & 0xff) != FINAL_TEXT) {
                return "no text message";
            }
            var body = reply.slice(reply.readerIndex() + 2, reply.readableBytes() - 2);
            return !echo || ByteBufUtil.equals(body, Unpooled.wrappedBuffer(text)) ? "" : "'" + shown(body) + "'";
        }
    }
}
