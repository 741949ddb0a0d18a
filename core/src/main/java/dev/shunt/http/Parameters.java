package dev.shunt.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads names and values out of what URIs, forms and cookies write in one line. */
final class Parameters {

    /** More of them in one request are an attack on the table that they are put in. */
    private static final int MAX = 1_000;

    private Parameters() {}

    /** {@code a=1&b=2}, percent-encoded; what is encoded wrongly stays as it is. */
    static Map<String, List<String>> ofQuery(String text) {
        var values = new LinkedHashMap<String, List<String>>();
        int count = 0;
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('&', from);
            String pair = text.substring(from, end < 0 ? text.length() : end);
            from = end < 0 ? text.length() : end + 1;
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MAX) {
                throw new HttpException(400, "more than " + MAX + " parameters");
            }
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), true);
            values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return Collections.unmodifiableMap(values);
    }

    /** {@code a=1; b="2"}; of two with one name the first counts. */
    static Map<String, String> ofCookies(List<String> lines) {
        var values = new LinkedHashMap<String, String>();
        for (String line : lines) {
            for (String pair : line.split(";", MAX)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    String value = pair.substring(equals + 1).strip();
                    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                    values.putIfAbsent(
                            pair.substring(0, equals).strip(), quoted ? value.substring(1, value.length() - 1) : value);
                }
            }
        }
        return Collections.unmodifiableMap(values);
    }

    /** @param form whether a plus is a space */
    static String decoded(String text, boolean form) {
        if (text.indexOf('%') < 0 && (!form || text.indexOf('+') < 0)) {
            return text;
        }
        try {
            return URLDecoder.decode(form ? text : text.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
