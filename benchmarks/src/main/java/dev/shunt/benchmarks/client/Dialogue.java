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

    /**
     * What is wrong with a whole reply; empty for nothing. Asked for every reply, so a right one must cost next to
     * nothing.
     */
    String objection(ByteBuf reply);

    /** The length of the reply to the greeting, as {@link #replyLength}. */
    default int greetingReplyLength(ByteBuf in) {
        return replyLength(in);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    private static String shown(ByteBuf reply) {
        return reply.toString(US_ASCII).strip();
    }

    private static boolean startsWith(ByteBuf reply, int from, ByteBuf expected) {
        int length = expected.readableBytes();
        return reply.readableBytes() >= from + length
                && ByteBufUtil.equals(reply, reply.readerIndex() + from, expected, 0, length);
    }

    /** A line, the same each time, and the line that is to come back; an empty one is any. */
    record Lines(byte[] request, ByteBuf expected) implements Dialogue {

        /** Both without their line feeds. */
        public static Lines of(String request, String reply) {
            return new Lines(bytes(request + "\n"), Unpooled.wrappedBuffer(bytes(reply + "\n")));
        }

        public static Lines withAnyReply(String request) {
            return new Lines(bytes(request + "\n"), Unpooled.EMPTY_BUFFER);
        }

        @Override
        public int replyLength(ByteBuf in) {
            return in.bytesBefore((byte) '\n') + 1;
        }

        @Override
        public String objection(ByteBuf reply) {
            boolean any = !expected.isReadable();
            boolean right =
                    any || (reply.readableBytes() == expected.readableBytes() && startsWith(reply, 0, expected));
            return right ? "" : "'" + shown(reply) + "' instead of '" + shown(expected) + "'";
        }
    }

    /** A request, kept alive, and the body that is to come back; an empty one is any. */
    record Http(byte[] request, ByteBuf expected) implements Dialogue {

        private static final byte[] END = "\r\n\r\n".getBytes(US_ASCII);
        private static final String LENGTH = "content-length:";
        private static final ByteBuf OK = Unpooled.wrappedBuffer(bytes("HTTP/1.1 200"));

        private static final String LINES = " / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n";

        public static Http get() {
            return new Http(bytes("GET" + LINES + "\r\n"), Unpooled.EMPTY_BUFFER);
        }

        public static Http post(String body, String reply) {
            return new Http(posted(body), Unpooled.wrappedBuffer(bytes(reply)));
        }

        public static Http postWithAnyReply(String body) {
            return new Http(posted(body), Unpooled.EMPTY_BUFFER);
        }

        private static byte[] posted(String body) {
            return bytes("POST" + LINES + "Content-Length: " + body.length() + "\r\n\r\n" + body);
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
            int body = reply.readableBytes() - expected.readableBytes();
            boolean right = startsWith(reply, 0, OK) && body > 0 && startsWith(reply, body, expected);
            return right ? "" : "'" + shown(reply) + "'";
        }
    }

    /** A text message, the same each time, and the text that is to come back; an empty one is any. */
    record WebSocket(byte[] request, ByteBuf expected) implements Dialogue {

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

        public static WebSocket of(String request, String reply) {
            return new WebSocket(frame(request), Unpooled.wrappedBuffer(bytes(reply)));
        }

        public static WebSocket withAnyReply(String request) {
            return new WebSocket(frame(request), Unpooled.EMPTY_BUFFER);
        }

        private static byte[] frame(String request) {
            byte[] text = bytes(request);
            if (text.length > LONGEST) {
                throw new IllegalArgumentException("a message of " + text.length + " bytes, above " + LONGEST);
            }
            var frame = Unpooled.buffer();
            frame.writeByte(FINAL_TEXT).writeByte(MASKED | text.length).writeBytes(MASK);
            for (int i = 0; i < text.length; i++) {
                frame.writeByte(text[i] ^ MASK[i % MASK.length]);
            }
            return ByteBufUtil.getBytes(frame);
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
            int head = reply.getByte(reply.readerIndex() + 1) == LONG ? 4 : 2;
            boolean any = !expected.isReadable();
            boolean right = any
                    || (reply.readableBytes() == head + expected.readableBytes() && startsWith(reply, head, expected));
            return right
                    ? ""
                    : "'" + shown(reply.slice(reply.readerIndex() + head, reply.readableBytes() - head))
                            + "' instead of '" + shown(expected) + "'";
        }
    }
}
