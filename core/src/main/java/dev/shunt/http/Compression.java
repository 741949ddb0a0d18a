package dev.shunt.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** When a body is sent as gzip: of text that is long enough, to a client that takes it. */
final class Compression {

    /** Below that a packet is a packet. */
    private static final int LEAST_BYTES = 1_024;

    private Compression() {}

    static boolean pays(Request request, int status, ResponseHead head, int bytes) {
        return bytes >= LEAST_BYTES
                && status >= 200
                && status != 206
                && !head.has("content-encoding")
                && !head.has("etag")
                && isText(head.type().orElse(""));
    }

    private static boolean isText(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("text/")
                || lower.startsWith("application/json")
                || lower.startsWith("application/javascript")
                || lower.startsWith("application/xml")
                || lower.startsWith("image/svg");
    }

    /** What its client says of gzip, or of all others. */
    static boolean isWanted(Request request) {
        boolean others = false;
        for (String line : request.allOf("accept-encoding")) {
            for (String offer : line.toLowerCase(Locale.ROOT).split(",", 64)) {
                int semicolon = offer.indexOf(';');
                String name = (semicolon < 0 ? offer : offer.substring(0, semicolon)).strip();
                boolean refused = semicolon >= 0
                        && offer.substring(semicolon).replace(" ", "").matches(";q=0(\\.0{0,3})?");
                if (name.equals("gzip")) {
                    return !refused;
                }
                others |= name.equals("*") && !refused;
            }
        }
        return others;
    }

    static byte[] gzip(byte[] bytes) {
        var packed = new ByteArrayOutputStream(bytes.length / 2);
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
