package dev.shunt.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A second reader of what a client has sent on a connection, which is far slower and takes much less: what it takes, every
 * server has to understand as it does. Written from RFC 9112 and 9110, not from any server.
 */
final class StrictReader {

    private static final String NEW_LINE = "\r\n";
    private static final Pattern FIRST = Pattern.compile("([A-Z_-]+) (/[!-~&&[^%#]]*) HTTP/1\\.([01])");
    private static final Pattern WITH_VERSION = Pattern.compile("(?s).* HTTP/[0-9]\\.[0-9]+");
    private static final Pattern FRAMING_WITH_TAB = Pattern.compile("(?i)(content-length|transfer-encoding):.*\t.*");
    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\\x00-\\x08\\x0a-\\x1f\\x7f]*?)[ \t]*");
    private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,7})(;[a-z]+(=[a-z]+)?)?");
    private static final Pattern HOST = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*(:[0-9]+)?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");
    private static final Set<String> OTHERS = Set.of("CONNECT", "TRACE");

    /** What comes after the requests that are understood. */
    enum End {
        /** Nothing: the client has said all. */
        NOTHING,
        /** Nothing: the last request was to close, whatever came behind it. */
        CLOSED,
        /** A part of a request: nothing, or one refusal. */
        PART,
        /** One refusal. */
        REFUSED,
        /** What this reader does not know. */
        UNKNOWN
    }

    /** @param answer what the program {@code Wire} says to it */
    record Asked(boolean head, String answer) {}

    record Read(List<Asked> requests, End end) {}

    private static final class Stop extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final End end;

        Stop(End end) {
            super(null, null, false, false);
            this.end = end;
        }
    }

    private record Field(String name, String value) {}

    private final String text;
    private final int maxBody;
    private final List<Asked> requests = new ArrayList<>();
    private int at;

    private StrictReader(String text, int maxBody) {
        this.text = text;
        this.maxBody = maxBody;
    }

    /** @param text bytes as ISO 8859-1, to the end of the connection */
    static Read read(String text, int maxBody) {
        var reader = new StrictReader(text, maxBody);
        try {
            while (reader.at < text.length()) {
                reader.request();
            }
            return new Read(reader.requests, End.NOTHING);
        } catch (Stop stop) {
            return new Read(reader.requests, stop.end);
        }
    }

    private void request() {
        while (text.startsWith(NEW_LINE, at)) {
            at += 2;
        }
        if (at == text.length()) {
            throw new Stop(End.NOTHING);
        }
        int end = text.indexOf("\r\n\r\n", at);
        if (end < 0) {
            throw new Stop(End.PART);
        }
        var lines = text.substring(at, end).split(NEW_LINE, -1);
        at = end + 4;
        var first = FIRST.matcher(lines[0]);
        if (!first.matches() || first.group(2).contains("/.") || OTHERS.contains(first.group(1))) {
            boolean known = WITH_VERSION.matcher(lines[0]).matches() || "\r\n".indexOf(lines[0].charAt(0)) >= 0;
            throw new Stop(known ? End.UNKNOWN : End.REFUSED);
        }
        boolean new11 = first.group(3).equals("1");
        var fields = Stream.of(lines).skip(1).map(StrictReader::field).toList();
        check(fields, new11);
        int length = body(fields, new11);
        requests.add(new Asked(
                first.group(1).equals("HEAD"),
                first.group(1) + " " + first.group(2) + (length == 0 ? "" : " " + length)));
        String connection = String.join(",", all(fields, "connection")).toLowerCase(Locale.ROOT);
        if (connection.contains("upgrade") || !connection.matches("|close|keep-alive")) {
            throw new Stop(End.UNKNOWN);
        }
        if (new11 ? connection.equals("close") : !connection.equals("keep-alive")) {
            throw new Stop(End.CLOSED);
        }
    }

    private static Field field(String line) {
        var field = FIELD.matcher(line);
        if (!field.matches() || FRAMING_WITH_TAB.matcher(line).matches()) {
            throw new Stop(End.REFUSED);
        }
        return new Field(field.group(1).toLowerCase(Locale.ROOT), field.group(2));
    }

    private static List<String> all(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .toList();
    }

    private static void check(List<Field> fields, boolean new11) {
        var hosts = all(fields, "host");
        if (hosts.size() > 1 || (hosts.isEmpty() && new11)) {
            throw new Stop(End.REFUSED);
        }
        if (hosts.stream().anyMatch(host -> !HOST.matcher(host).matches())) {
            throw new Stop(End.UNKNOWN);
        }
        if (!all(fields, "expect").stream().allMatch("100-continue"::equalsIgnoreCase)) {
            throw new Stop(End.REFUSED);
        }
        if (all(fields, "expect").size() > 1) {
            throw new Stop(End.REFUSED);
        }
    }

    private int body(List<Field> fields, boolean new11) {
        var lengths = all(fields, "content-length");
        var codings = all(fields, "transfer-encoding");
        if (lengths.size() + codings.size() > 1) {
            throw new Stop(End.REFUSED);
        }
        if (!codings.isEmpty()) {
            if (!new11 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new Stop(End.REFUSED);
            }
            return chunks();
        }
        if (lengths.isEmpty()) {
            return 0;
        }
        if (!LENGTH.matcher(lengths.getFirst()).matches()) {
            throw new Stop(End.REFUSED);
        }
        int length = Integer.parseInt(lengths.getFirst());
        if (length > maxBody) {
            throw new Stop(End.REFUSED);
        }
        skip(length);
        return length;
    }

    private void skip(int length) {
        if (length > text.length() - at) {
            throw new Stop(End.PART);
        }
        at += length;
    }

    private int chunks() {
        int whole = 0;
        while (true) {
            var chunk = CHUNK.matcher(line());
            if (!chunk.matches()) {
                throw new Stop(End.UNKNOWN);
            }
            int length = Integer.parseInt(chunk.group(1), 16);
            if (length == 0) {
                trailers();
                return whole;
            }
            whole += length;
            if (whole > maxBody) {
                throw new Stop(End.PART); // refused when so much has come
            }
            skip(length);
            if (text.length() - at < 2) {
                throw new Stop(End.PART);
            }
            if (!text.startsWith(NEW_LINE, at)) {
                throw new Stop(End.REFUSED);
            }
            at += 2;
        }
    }

    private void trailers() {
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (!FIELD.matcher(line).matches()) {
                throw new Stop(End.UNKNOWN);
            }
        }
    }

    private String line() {
        int end = text.indexOf(NEW_LINE, at);
        if (end < 0) {
            throw new Stop(End.PART);
        }
        String line = text.substring(at, end);
        at = end + 2;
        return line;
    }
}
