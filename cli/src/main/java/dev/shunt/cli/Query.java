package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;

/** A path of the API with what is asked of it. */
final class Query {

    private final StringBuilder path;
    private char before = '?';

    Query(String path) {
        this.path = new StringBuilder(path);
    }

    /** Nothing, if there is no value. */
    Query with(String name, @Nullable Object value) {
        if (value != null) {
            path.append(before).append(name).append('=').append(encoded(String.valueOf(value)));
            before = '&';
        }
        return this;
    }

    /** One step of a path. */
    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
