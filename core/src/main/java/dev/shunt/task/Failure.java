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

    /** Longest stack that travels, in characters. */
    private static final int MAX_STACK = 16 << 10;

    public static Failure of(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        String stack = text.toString();
        return new Failure(
                thrown.getClass().getName(),
                thrown.getMessage(),
                stack.length() <= MAX_STACK ? stack : stack.substring(0, MAX_STACK));
    }

    @Override
    public String toString() {
        return message == null ? type : type + ": " + message;
    }
}
