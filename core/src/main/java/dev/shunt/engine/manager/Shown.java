package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Payloads as people may see them. Safe for use by any thread. */
final class Shown {

    static final String MASK = "***";

    /** In a list. */
    private static final int MAX_CHARS = 2048;

    private final BiPredicate<String, String> masks;

    Shown(BiPredicate<String, String> masks) {
        this.masks = masks;
    }

    /** @param cut whether it was longer than a list shows */
    record Payload(@Nullable Object value, boolean cut) {}

    /** Whole. */
    @Nullable Object whole(String type, Data data) {
        if (data.isEmpty()) {
            return null;
        }
        return switch (data.kind()) {
            case BYTES -> Map.of("bytes", data.size());
            case TEXT -> masks.test(type, "") ? MASK : data.text();
            case OBJECT -> masked(type, "", tree(data));
        };
    }

    /** Not longer than a list shows. */
    Payload brief(String type, Data data) {
        Object whole = whole(type, data);
        String text = whole == null ? "" : text(whole);
        return text.length() <= MAX_CHARS ? new Payload(whole, false) : new Payload(text.substring(0, MAX_CHARS), true);
    }

    /** Whether what may be seen of it contains this. */
    boolean contains(String type, Data data, String text) {
        return searched(type, data).contains(text);
    }

    /** In which a text is looked for: what may be seen of it. */
    String searched(String type, Data data) {
        Object whole = data.kind() == Data.Kind.BYTES ? null : whole(type, data);
        return whole == null ? "" : text(whole);
    }

    private static String text(Object whole) {
        return whole instanceof String text
                ? text
                : new String(Codec.readableJson().encode(whole), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static @Nullable Object tree(Data data) {
        try {
            return Codec.json().decode(data.encoded().bytes(), Object.class);
        } catch (IllegalArgumentException e) {
            return Map.of("bytes", data.size()); // of a codec of the program's own
        }
    }

    private @Nullable Object masked(String type, String path, @Nullable Object value) {
        if (masks.test(type, path)) {
            return MASK;
        }
        return switch (value) {
            case Map<?, ?> fields -> {
                var shown = new LinkedHashMap<String, @Nullable Object>();
                fields.forEach((name, field) -> shown.put(
                        String.valueOf(name),
                        masked(type, path.isEmpty() ? String.valueOf(name) : path + "." + name, field)));
                yield shown;
            }
            case List<?> elements -> {
                var shown = new ArrayList<@Nullable Object>();
                elements.forEach(element -> shown.add(masked(type, path, element)));
                yield shown;
            }
            case null -> null;
            default -> value;
        };
    }
}
