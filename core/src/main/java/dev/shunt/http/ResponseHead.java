package dev.shunt.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The lines that a program gives to a response. Not safe for use by several threads at once. */
final class ResponseHead {

    private static final String IN_TOKENS = "!#$%&'*+.^_`|~";
    private static final char DEL = 0x7f;

    /** What a response has once. */
    private static final Set<String> SINGLE = Set.of(
            "content-type", "content-encoding", "content-range", "etag", "last-modified", "location", "retry-after");

    private final StringBuilder lines = new StringBuilder();
    private boolean close;
    private Optional<String> type = Optional.empty();
    private long length = -1;

    /** A second one of the same name is another line, but for those of which there is one. */
    void add(String name, String value) {
        checkLine(name, value);
        String lower = name.toLowerCase(Locale.ROOT);
        switch (lower) {
            case "transfer-encoding", "keep-alive", "trailer" ->
                throw new IllegalArgumentException(
                        name + " is the server's to say; leave it out: write(...) sends chunks where it must");
            case "connection" -> {
                if (!value.equalsIgnoreCase("close")) {
                    throw new IllegalArgumentException(
                            "Connection: " + value + " is the server's to say; a program may say close");
                }
                close = true;
            }
            case "content-length" -> length = Long.parseLong(value);
            default -> {
                if (SINGLE.contains(lower)) {
                    remove(lower);
                }
                if (lower.equals("content-type")) {
                    type = Optional.of(value);
                }
                append(name, value);
            }
        }
    }

    private static void checkLine(String name, String value) {
        if (!isToken(name)) {
            throw new IllegalArgumentException("'" + name + "' is no name for a header; write letters, digits and '-'");
        }
        check("header " + name, value);
    }

    static void check(String what, String value) {
        if (hasControl(value)) {
            throw new IllegalArgumentException(what + " has a value with a line break or another control"
                    + " character, which would begin a line of its own; take it out");
        }
    }

    private static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            if (!plain && IN_TOKENS.indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean hasControl(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == DEL) {
                return true;
            }
        }
        return false;
    }

    private void append(String name, String value) {
        lines.append(name).append(": ").append(value.strip()).append("\r\n");
    }

    private void remove(String lower) {
        for (int at = 0; at < lines.length(); ) {
            int end = lines.indexOf("\r\n", at) + 2;
            if (lines.substring(at, end).toLowerCase(Locale.ROOT).startsWith(lower + ":")) {
                lines.delete(at, end);
            } else {
                at = end;
            }
        }
    }

    boolean has(String lower) {
        return ("\r\n" + lines).toLowerCase(Locale.ROOT).contains("\r\n" + lower + ":");
    }

    Optional<String> type() {
        return type;
    }

    /** Unless the program has said it. */
    void type(String otherwise) {
        if (type.isEmpty()) {
            add("Content-Type", otherwise);
        }
    }

    boolean closes() {
        return close;
    }

    /** What the program has said; -1 if nothing. */
    long length() {
        return length;
    }

    /** With what the program has said of the length. */
    byte[] encodedWithLength() {
        return length < 0 ? encoded() : (lines + "Content-Length: " + length + "\r\n").getBytes(UTF_8);
    }

    byte[] encoded() {
        return lines.toString().getBytes(UTF_8);
    }
}
