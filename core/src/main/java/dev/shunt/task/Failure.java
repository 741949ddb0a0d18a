package dev.shunt.task;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * An exception that a task handler threw, as it travels to the caller: its class name, message and printed stack. The
 * exception itself stays where it was thrown; the caller may not have its class.
 *
 * @param type fully qualified class name
 * @param message may be null, as in {@link Throwable#getMessage}
 * @param stack what {@code printStackTrace} prints, causes included
 */
public record Failure(String type, @Nullable String message, String stack) {

    /** Longest message and longest stack that travel, in characters. */
    private static final int MAX_CHARACTERS = 16 << 10;

    /** Never throws, even if the exception's own methods do. */
    public static Failure of(Throwable thrown) {
        String type = thrown.getClass().getName();
        try {
            var text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text, true));
            String message = thrown.getMessage();
            return new Failure(type, message == null ? null : shortened(message), shortened(text.toString()));
        } catch (Throwable e) { // an exception that cannot even be described
            return new Failure(
                    type,
                    "it cannot be described: its methods threw " + e.getClass().getName(),
                    type);
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + " ...";
    }

    @Override
    public String toString() {
        return message == null ? type : type + ": " + message;
    }
}
