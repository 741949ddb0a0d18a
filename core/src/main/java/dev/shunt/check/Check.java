package dev.shunt.check;

import dev.shunt.time.Nanos;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a program gives, where it gives it, and returns it. What makes no sense throws {@link
 * IllegalArgumentException}, null {@link NullPointerException}: with the call, the value and what to give instead. A
 * duration above {@link Nanos#MAX} is for ever, and cut to that, so that no clock's reading overflows.
 */
public final class Check {

    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Check() {}

    public static <T> T given(String call, @Nullable T value) {
        if (value == null) {
            throw new NullPointerException(call + "(null): a value is needed; leave the call out for the default");
        }
        return value;
    }

    /** A name: of one line, with something to see in it. */
    public static String name(String call, String value) {
        if (given(call, value).isBlank() || value.chars().anyMatch(Character::isISOControl)) {
            throw refused(
                    call, '"' + visible(value) + '"', "give a name that is not blank and has no control characters");
        }
        return value;
    }

    /** A text that may have any characters, but not none. */
    public static String text(String call, String value) {
        if (given(call, value).isBlank()) {
            throw refused(call, '"' + visible(value) + '"', "give one that is not blank; leave the call out for none");
        }
        return value;
    }

    /** A file or a directory: an empty path means the working directory, which nobody means. */
    public static Path path(String call, Path value) {
        if (given(call, value).toString().isEmpty()) {
            throw refused(call, "\"\"", "give the name of a file or a directory");
        }
        return value;
    }

    /** All of what is given, none of which may be null. */
    public static <T> List<T> all(String call, T[] values) {
        for (var value : given(call, values)) {
            given(call, value);
        }
        return List.of(values);
    }

    /** As the other one, of a collection. */
    public static <T> List<T> all(String call, Collection<? extends T> values) {
        for (var value : given(call, values)) {
            given(call, value);
        }
        return List.copyOf(values);
    }

    private static String visible(String value) {
        return value.codePoints()
                .mapToObj(point ->
                        Character.isISOControl(point) ? String.format("\\u%04x", point) : Character.toString(point))
                .collect(Collectors.joining());
    }

    /** @param otherwise what to do for a value that is not allowed, such as "leave it out for none" */
    public static Duration positive(String call, Duration value, String otherwise) {
        if (!given(call, value).isPositive()) {
            throw refused(call, value, "give a duration above zero; " + otherwise);
        }
        return cut(value);
    }

    public static Duration notNegative(String call, Duration value) {
        if (given(call, value).isNegative()) {
            throw refused(call, value, "give a duration of zero or more");
        }
        return cut(value);
    }

    /** Seconds, of which fractions count, as a duration. */
    public static Duration seconds(String call, double value) {
        if (Double.isNaN(value) || value < 0) {
            throw refused(call, value + " seconds", "give zero or more; fractions count");
        }
        return cut(Duration.ofSeconds((long) value).plusNanos((long) (value % 1 * 1e9)));
    }

    /** A time that no calendar names is the first or the last that one does. */
    public static Instant time(String call, Instant value) {
        var time = given(call, value);
        return time.isBefore(FIRST) ? FIRST : time.isAfter(LAST) ? LAST : time;
    }

    /** @param otherwise what the least value means, or what to do for less */
    public static int count(String call, int value, int least, String otherwise) {
        if (value < least) {
            throw refused(call, value, "give " + least + " or more; " + otherwise);
        }
        return value;
    }

    /** A number of bytes, at least one. */
    public static long bytes(String call, long value) {
        if (value < 1) {
            throw refused(call, value, "give 1 or more, in bytes");
        }
        return value;
    }

    /** A number of bytes, 0 for none. */
    public static long bytesOrNone(String call, long value) {
        if (value < 0) {
            throw refused(call, value, "give 0 or more, in bytes");
        }
        return value;
    }

    private static Duration cut(Duration value) {
        return value.compareTo(Nanos.MAX) > 0 ? Nanos.MAX : value;
    }

    private static IllegalArgumentException refused(String call, Object value, String remedy) {
        return new IllegalArgumentException(call + '(' + value + "): " + remedy);
    }
}
