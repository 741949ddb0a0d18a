package dev.shunt.task;

import dev.shunt.check.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes with a task beside its payload, such as the trace that it belongs to: names and texts, which arrive with each
 * attempt, wherever that is. Few and short, as they are in memory and in stores with the task.
 *
 * @param late whether the first attempt is not what its submission led to at once: it was delayed, comes from a schedule, was
 *     left by an earlier run of the program, or was a dead letter
 */
public record TaskHeaders(Map<String, String> values, boolean late) {

    /** How many a task may have. */
    public static final int MAX_COUNT = 16;

    /** How many characters all names and values may have together. */
    public static final int MAX_LENGTH = 8 << 10;

    private static final int MAX_NAME = 100;

    /** Which schedule has submitted the task; said where the program has a {@link TaskContext}. */
    public static final String SCHEDULE = "shunt-schedule";

    public static final TaskHeaders NONE = new TaskHeaders(Map.of(), false);

    /** These, and if there was that name its value is replaced; throws {@link IllegalArgumentException} if it is too much. */
    static Map<String, String> with(Map<String, String> before, String name, String value) {
        Check.given("the name of a header", name);
        Check.given("header " + name, value);
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "header '" + name + "'; a name has 1 to " + MAX_NAME + " characters, without spaces");
        }
        var all = before.isEmpty() ? Map.of(name, value) : added(before, name, value);
        if (all.size() > MAX_COUNT) {
            throw new IllegalArgumentException("header '" + name + "' is one too many: a task may have " + MAX_COUNT
                    + "; what belongs to its work goes into the payload");
        }
        int length = length(all);
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException("with header '" + name + "' the task's headers have " + length
                    + " characters, and may have " + MAX_LENGTH + "; what belongs to its work goes into the payload");
        }
        return all;
    }

    private static Map<String, String> added(Map<String, String> before, String name, String value) {
        var all = new LinkedHashMap<>(before);
        all.put(name, value);
        return Collections.unmodifiableMap(all);
    }

    /** Without a stream, as is all that each task of a traced program goes through. */
    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char one = name.charAt(i);
            if (Character.isISOControl(one) || Character.isWhitespace(one)) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= MAX_NAME;
    }

    static int length(Map<String, String> headers) {
        int length = 0;
        for (var header : headers.entrySet()) {
            length += header.getKey().length() + header.getValue().length();
        }
        return length;
    }
}
