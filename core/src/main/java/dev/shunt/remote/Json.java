package dev.shunt.remote;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.data.TypeRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An object of a JSON document, to be read by names; what is not there reads as nothing. Immutable. */
public record Json(Map<String, Object> fields) {

    public static final Json EMPTY = new Json(Map.of());

    /** @throws IllegalArgumentException if it is no JSON object */
    public Json(byte[] document) {
        this(Data.received(Data.Kind.OBJECT, document, Codec.json()).as(new TypeRef<Map<String, Object>>() {}));
    }

    /** Any value of a document as JSON. */
    static String text(Object value) {
        return Data.of(value instanceof Number || value instanceof Boolean ? String.valueOf(value) : value)
                .text();
    }

    public Optional<Object> value(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** The text, or the number or truth as text; "" if there is none. */
    public String text(String name) {
        return value(name).map(String::valueOf).orElse("");
    }

    /** 0 if there is none; an id may be a text of digits. */
    public long number(String name) {
        return switch (fields.get(name)) {
            case Number number -> number.longValue();
            case String digits when digits.matches("-?\\d{1,18}") -> Long.parseLong(digits);
            case null, default -> 0;
        };
    }

    public double fraction(String name) {
        return fields.get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    public boolean flag(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    public Json object(String name) {
        return of(fields.get(name));
    }

    /** The objects of a list. */
    public List<Json> list(String name) {
        return fields.get(name) instanceof List<?> list
                ? list.stream().map(Json::of).toList()
                : List.of();
    }

    /** The texts of a list. */
    public List<String> texts(String name) {
        return fields.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    @SuppressWarnings("unchecked") // what a document is decoded into has texts as names
    private static Json of(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? new Json((Map<String, Object>) map) : EMPTY;
    }
}
