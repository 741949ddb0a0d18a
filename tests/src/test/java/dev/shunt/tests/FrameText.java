package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Frames of WebSocket in the words of {@code websocket.txt}. */
final class FrameText {

    private static final Pattern FRAME =
            Pattern.compile("(?s)([a-z]+)([0-9]*)(-?)(?:/([0-7]))?(!?)(?:~([0-9]+))?(?:[:~](.*))?");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|(_))");
    private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]*)}");
    private static final List<String> NAMES = List.of("c", "t", "b", "", "", "", "", "", "close", "ping", "pong");
    private static final int CLOSE = 8;
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;

    private FrameText() {}

    /** As a client sends them, with masks. */
    static byte[] encoded(String frames, Random random) {
        var all = new ByteArrayOutputStream();
        words(frames).forEach(word -> all.writeBytes(frame(word, random)));
        return all.toByteArray();
    }

    static Stream<String> words(String frames) {
        return Stream.of(frames.split(" ", -1)).filter(word -> !word.isEmpty());
    }

    private static byte[] frame(String word, Random random) {
        var found = FRAME.matcher(word);
        if (!found.matches()) {
            throw new IllegalArgumentException("'" + word + "' is no frame");
        }
        int opcode = found.group(1).equals("op") ? Integer.parseInt(found.group(2)) : NAMES.indexOf(found.group(1));
        int reserved = found.group(4) == null ? 0 : Integer.parseInt(found.group(4));
        byte[] payload = payload(opcode, word, found.group(7) == null ? "" : found.group(7));
        long more = found.group(6) == null ? 0 : Long.parseLong(found.group(6));
        byte[] mask = new byte[found.group(5).isEmpty() ? 4 : 0];
        random.nextBytes(mask);
        return frame((found.group(3).isEmpty() ? FIN : 0) | reserved << 4 | opcode, payload, more, mask);
    }

    private static byte[] payload(int opcode, String word, String text) {
        byte[] bytes = unescaped(text).getBytes(ISO_8859_1);
        if (opcode != CLOSE || word.contains("~") || text.isEmpty()) {
            return bytes;
        }
        int end = text.indexOf(':');
        int code = Integer.parseInt(end < 0 ? text : text.substring(0, end));
        byte[] reason = unescaped(end < 0 ? "" : text.substring(end + 1)).getBytes(ISO_8859_1);
        return ByteBuffer.allocate(2 + reason.length)
                .putShort((short) code)
                .put(reason)
                .array();
    }

    /** @param more bytes that it says and does not have */
    static byte[] frame(int first, byte[] payload, long more, byte... mask) {
        long length = payload.length + more;
        var frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        int masked = mask.length == 0 ? 0 : MASKED;
        if (length < 126) {
            frame.put((byte) (masked | length));
        } else if (length < 65_536) {
            frame.put((byte) (masked | 126)).putShort((short) length);
        } else {
            frame.put((byte) (masked | 127)).putLong(length);
        }
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (mask.length == 0 ? payload[i] : payload[i] ^ mask[i % mask.length]));
        }
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** In the words of the table, but for what repeats. */
    static String described(WebSocketBytes.Frame frame) {
        if (frame.opcode() == CLOSE) {
            return frame.payload().length == 0 ? "close~" : "close:" + frame.closeCode();
        }
        return NAMES.get(frame.opcode()) + (frame.fin() ? "" : "-") + (frame.rsv() == 0 ? "" : "/" + frame.rsv()) + ":"
                + frame.text();
    }

    /** Without what repeats, and what is written in another way. */
    static String unescaped(String text) {
        String repeated = REPEATED.matcher(text)
                .replaceAll(found ->
                        found.group(2).repeat(Integer.parseInt(found.group(1))).replace("\\", "\\\\"));
        return ESCAPE.matcher(repeated).replaceAll(found -> {
            char c = found.group(1) == null ? ' ' : (char) Integer.parseInt(found.group(1), 16);
            return c == '\\' || c == '$' ? "\\" + c : String.valueOf(c);
        });
    }
}
