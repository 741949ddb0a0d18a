package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.netty.RequestRules.Problem;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Letters that a client sends without percent-encoding them: they are UTF-8, where the decoder gives a character a byte. */
final class TargetText {

    private static final int ASCII_END = 0x80;

    private TargetText() {}

    static @Nullable Problem decode(HttpRequest request) {
        String uri = request.uri();
        if (isAscii(uri)) {
            return null;
        }
        byte[] bytes = uri.getBytes(ISO_8859_1);
        if (!Utf8.isValid(bytes)) {
            return Problem.bad("a target with bytes that are not UTF-8; percent-encode them");
        }
        request.setUri(new String(bytes, UTF_8));
        return null;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= ASCII_END) {
                return false;
            }
        }
        return true;
    }
}
