package dev.shunt.control;

import dev.shunt.check.Check;
import dev.shunt.data.Codec;
import dev.shunt.data.TypeRef;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a call says beside its path: the query, or the fields of its body. What is not asked for is refused. */
final class Parameters {

    private static final Pattern AGE = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private final Map<String, Object> values;
    private final Supplier<Instant> now;
    private final Set<String> known = new TreeSet<>();

    private Parameters(Map<String, Object> values, Supplier<Instant> now) {
        this.values = values;
        this.now = now;
    }

    /** One that is empty, as a form sends it, is not given. */
    static Parameters ofQuery(Asked asked, Supplier<Instant> now) {
        if (asked.body().length > 0) {
            throw ControlException.badRequest("a GET has no body; say it in the query");
        }
        var values = new LinkedHashMap<String, Object>(asked.query());
        values.replaceAll((_, value) -> value.equals("") ? null : value);
        return new Parameters(values, now);
    }

    static Parameters ofBody(Asked asked, Supplier<Instant> now) {
        if (!asked.query().isEmpty()) {
            throw ControlException.badRequest("parameters " + asked.query().keySet()
                    + " in the query of an action; say them in its body, as JSON");
        }
        if (asked.body().length == 0) {
            return new Parameters(Map.of(), now);
        }
        try {
            Map<String, Object> fields =
                    Codec.readableJson().decode(asked.body(), new TypeRef<LinkedHashMap<String, Object>>() {});
            if (fields == null) {
                throw new IllegalArgumentException("null");
            }
            return new Parameters(fields, now);
        } catch (IllegalArgumentException e) {
            throw ControlException.badRequest(
                    "the body is not one object of JSON with each field once, such as {\"all\": true}: "
                            + e.getMessage());
        }
    }

    /** Throws if there was anything else than what has been asked for. */
    void nothingElse() {
        var unknown = new LinkedHashSet<>(values.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw ControlException.badRequest(
                    "unknown " + unknown + "; there " + (known.isEmpty() ? "are none here" : "are " + known));
        }
    }

    private @Nullable Object value(String name) {
        known.add(name);
        return values.get(name);
    }

    /** Two words for the same: not both. */
    void oneOf(String name, String other) {
        if (value(name) != null && value(other) != null) {
            throw ControlException.badRequest(name + " and " + other + " say the same: give one of them");
        }
    }

    Optional<String> text(String name) {
        Object value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text && !text.isEmpty()) {
            return Optional.of(text);
        }
        throw ControlException.badRequest(name + " is no text, or an empty one: '" + value + "'");
    }

    Optional<Object> any(String name) {
        return Optional.ofNullable(value(name));
    }

    Optional<Boolean> flag(String name) {
        Object value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Boolean flag) {
            return Optional.of(flag);
        }
        throw ControlException.badRequest(name + " is true or false, without quotes, not '" + value + "'");
    }

    Optional<Double> number(String name) {
        Object value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        try {
            double number = Double.parseDouble(value.toString());
            if (Double.isFinite(number) && number >= 0) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ControlException.badRequest(name + " is a number from 0 on, not '" + value + "'");
    }

    int whole(String name, int otherwise) {
        Object value = value(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value.toString());
        } catch (NumberFormatException e) {
            throw ControlException.badRequest(name + " is a whole number, not '" + value + "'");
        }
    }

    Paging paging() {
        return new Paging(whole("page", Paging.FIRST.page()), whole("size", Paging.FIRST.size()));
    }

    /** A time, or a duration before now. */
    Optional<Instant> since(String name) {
        return text(name).map(text -> {
            var age = AGE.matcher(text);
            try {
                if (age.matches()) {
                    return now.get().minus(age(Long.parseLong(age.group(1)), age.group(2)));
                }
                return text.startsWith("P") ? now.get().minus(Duration.parse(text)) : Instant.parse(text);
            } catch (DateTimeException | ArithmeticException e) {
                throw ControlException.badRequest(
                        name + " '" + text
                                + "' is no time such as 2026-11-28T15:57:30Z, and no duration such as 90s, 15m, 1h, 2d or PT1H");
            }
        });
    }

    private static Duration age(long count, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    Set<Long> ids(String name) {
        Object value = value(name);
        if (value == null) {
            return Set.of();
        }
        if (!(value instanceof Collection<?> all) || all.isEmpty()) {
            throw ControlException.badRequest(name + " is a list of ids, not '" + value + "'");
        }
        Check.given(name, all);
        if (all.size() > DeadFilter.MAX_IDS) {
            throw ControlException.badRequest(
                    all.size() + " " + name + "; give at most " + DeadFilter.MAX_IDS + " in a call, or a filter");
        }
        var ids = new LinkedHashSet<Long>();
        all.forEach(id -> ids.add(id(String.valueOf(id))));
        return ids;
    }

    /** Of a query: {@code ids=1,2}. */
    Set<Long> idsOfText(String name) {
        var given = text(name);
        if (given.isEmpty()) {
            return Set.of();
        }
        var ids = new LinkedHashSet<Long>();
        for (String id : given.get().split(",", -1)) {
            ids.add(id(id));
        }
        return ids;
    }

    static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ControlException.badRequest("'" + text + "' is no id; ids are whole numbers");
        }
    }

    DeadFilter deadFilter() {
        return deadFilter(ids("ids"));
    }

    /** @param ids as a query or a body names them */
    DeadFilter deadFilter(Set<Long> ids) {
        return new DeadFilter(ids, text("type"), text("error"), text("text"), since("since"), text("cause"));
    }
}
