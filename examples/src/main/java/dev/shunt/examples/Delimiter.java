package dev.shunt.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.regex.Pattern;

/**
 * What messages end with, written with escapes as a shell passes them on: {@code \r \n \t \0 \\}
 * and {@code \xFF}. At least one byte.
 */
public record Delimiter(byte[] bytes) {

    private static final Pattern PIECE =
            Pattern.compile("\\\\x([0-9A-Fa-f]{2})|\\\\(.)|([^\\\\]+)", Pattern.DOTALL);

    public static Delimiter parse(String text) {
        var bytes = new ByteArrayOutputStream();
        var piece = PIECE.matcher(text);
        int end = 0;
        while (piece.lookingAt()) {
            if (piece.group(1) != null) {
                bytes.write(Integer.parseInt(piece.group(1), 16));
            } else if (piece.group(2) != null) {
                bytes.write(escaped(piece.group(2).charAt(0), text));
            } else {
                bytes.writeBytes(piece.group(3).getBytes(UTF_8));
            }
            end = piece.end();
            piece.region(end, text.length());
        }
        if (end < text.length() || bytes.size() == 0) {
            throw wrong(text);
        }
        return new Delimiter(bytes.toByteArray());
    }

    private static int escaped(char letter, String text) {
        return switch (letter) {
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 't' -> '\t';
            case '0' -> 0;
            case '\\' -> '\\';
            default -> throw wrong(text);
        };
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "'"
                        + text
                        + "' ends no message; give text with escapes such as \\r\\n, \\t, \\0 or \\x1e");
    }
}
