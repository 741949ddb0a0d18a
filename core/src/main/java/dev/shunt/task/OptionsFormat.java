package dev.shunt.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Codec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link TaskOptions} as text, between processes and in every store: a JSON object of those that are not the default,
 * durations and times as ISO 8601. What was written once is read for ever, so a name here never gets another meaning.
 * Durability, by which stores choose, and the context, which is a payload, are written beside it by whoever writes this.
 */
public final class OptionsFormat {

    private OptionsFormat() {}

    /** Null if there is nothing but defaults. */
    @SuppressWarnings("ReferenceEquality") // a shortcut for nearly all tasks; the rest comes to the same for equal ones
    public static @Nullable String write(TaskOptions options) {
        if (options == TaskOptions.DEFAULT) {
            return null;
        }
        var values = new LinkedHashMap<String, Object>();
        if (options.retries() != 0) {
            values.put("retries", options.retries());
        }
        if (!options.backoff().equals(TaskOptions.DEFAULT_BACKOFF)) {
            values.put("backoff", options.backoff().toString());
        }
        if (options.priority() != Priority.NORMAL) {
            values.put("priority", options.priority().name());
        }
        if (!options.delay().isZero()) {
            values.put("delay", options.delay().toString());
        }
        options.at().ifPresent(time -> values.put("at", time.toString()));
        options.deadline().ifPresent(time -> values.put("deadline", time.toString()));
        options.timeout().ifPresent(time -> values.put("timeout", time.toString()));
        options.unique().ifPresent(unique -> {
            values.put("uniqueKey", unique.key());
            values.put("uniquePolicy", unique.policy().name());
        });
        options.orderingKey().ifPresent(key -> values.put("orderingKey", key));
        options.slot().ifPresent(slot -> values.put("slot", slot));
        if (!options.headers().isEmpty()) {
            values.put("headers", options.headers());
        }
        return values.isEmpty() ? null : new String(Codec.json().encode(values), UTF_8);
    }

    /** @throws IllegalArgumentException if {@link #write} does not write such a text, or that of a newer version does */
    public static TaskOptions read(@Nullable String text) {
        var options = TaskOptions.DEFAULT;
        if (text == null) {
            return options;
        }
        try {
            Map<?, ?> values = Codec.json().decode(text.getBytes(UTF_8), Map.class);
            for (var value : values.entrySet()) {
                options = value.getKey().equals("headers") && value.getValue() instanceof Map<?, ?> headers
                        ? withHeaders(options, headers)
                        : with(options, (String) value.getKey(), String.valueOf(value.getValue()));
            }
            return options;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException("its options cannot be read: " + text + ": " + e.getMessage(), e);
        }
    }

    private static TaskOptions withHeaders(TaskOptions options, Map<?, ?> headers) {
        var all = options;
        for (var header : headers.entrySet()) {
            all = all.header(String.valueOf(header.getKey()), String.valueOf(header.getValue()));
        }
        return all;
    }

    private static TaskOptions with(TaskOptions options, String name, String value) {
        return switch (name) {
            case "retries" -> options.retries(Integer.parseInt(value));
            case "backoff" -> options.backoff(Duration.parse(value));
            case "priority" -> options.priority(Priority.valueOf(value));
            case "delay" -> options.delay(Duration.parse(value));
            case "at" -> options.at(Instant.parse(value));
            case "deadline" -> options.deadline(Duration.parse(value));
            case "timeout" -> options.timeout(Duration.parse(value));
            case "uniqueKey" ->
                options.uniqueKey(value, options.unique().map(Unique::policy).orElse(Unique.Policy.DROP));
            case "uniquePolicy" ->
                options.uniqueKey(options.unique().map(Unique::key).orElse(""), Unique.Policy.valueOf(value));
            case "orderingKey" -> options.orderingKey(value);
            case "slot" -> options.slot(Integer.parseInt(value));
            default ->
                throw new IllegalArgumentException(
                        "option '" + name + "' is not known; a newer Shunt may have written it");
        };
    }
}
