package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/** The table {@code requests.txt}, and what a server makes of its requests. */
final class OddRequests {

    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|([rnt\\\\]))");
    private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]*)}");
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private OddRequests() {}

    /** @param ours what Shunt answers */
    record Odd(String name, String nginx, String ours, String request) {

        private static Odd of(String line) {
            var columns = line.split("\t", -1);
            String ours = columns[2].equals("=") ? columns[1] : columns[2];
            return new Odd(columns[0], columns[1], ours, unescaped(columns[3]));
        }
    }

    static List<Odd> all() {
        try (var table = Objects.requireNonNull(OddRequests.class.getResourceAsStream("requests.txt"))) {
            return new String(table.readAllBytes(), ISO_8859_1)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(Odd::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String unescaped(String text) {
        String repeated = REPEATED.matcher(text)
                .replaceAll(found ->
                        found.group(2).repeat(Integer.parseInt(found.group(1))).replace("\\", "\\\\"));
        return ESCAPE.matcher(repeated).replaceAll(found -> {
            if (found.group(1) != null) {
                return String.valueOf((char) Integer.parseInt(found.group(1), 16))
                        .replace("\\", "\\\\");
            }
            return switch (found.group(2)) {
                case "r" -> "\r";
                case "n" -> "\n";
                case "t" -> "\t";
                default -> "\\\\";
            };
        });
    }

    /** What comes until the server closes, in the words of the table. */
    static String answered(int port, String request) {
        try (var client = new WebClient(port)) {
            try {
                client.raw().send((request + NEXT).getBytes(ISO_8859_1));
            } catch (UncheckedIOException e) {
                // It has closed without reading all, and what it said is there.
            }
            return described(client.rest());
        }
    }

    private static String described(String text) {
        var answers = new ArrayList<String>();
        int at = 0;
        while (at < text.length()) {
            int body = text.indexOf("\r\n\r\n", at) + 4;
            if (!text.startsWith("HTTP/1.1 ", at) || body < 4) {
                answers.add("200 without a head");
                break;
            }
            String head = text.substring(at, body).toLowerCase(Locale.ROOT);
            int status = Integer.parseInt(head.substring(9, 12));
            if (status < 200) {
                at = body;
                continue;
            }
            if (head.contains("\r\ntransfer-encoding: chunked")) { // nginx's, when it passes on
                int line = text.indexOf("\r\n", body);
                int length = Integer.parseInt(text.substring(body, line), 16);
                answers.add(answer(status, text.substring(line + 2, line + 2 + length)));
                at = line + 2 + length + "\r\n0\r\n\r\n".length();
            } else {
                int value = head.indexOf("\r\ncontent-length: ") + "\r\ncontent-length: ".length();
                int length = Integer.parseInt(head.substring(value, head.indexOf('\r', value)));
                answers.add(answer(status, text.substring(body, body + length)));
                at = body + length;
            }
        }
        return String.join(", ", answers);
    }

    private static String answer(int status, String body) {
        return status == 200
                ? "200 " + (body.endsWith(" 0") ? body.substring(0, body.length() - 2) : body).strip()
                : "" + status;
    }
}
