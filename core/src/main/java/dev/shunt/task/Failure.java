package dev.shunt.task;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
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
            String message = thrown.getMessage();
            return new Failure(type, message == null ? null : shortened(message), printed(thrown));
        } catch (Throwable e) { // an exception that cannot even be described
            return new Failure(
                    type,
                    "it cannot be described: its methods threw " + e.getClass().getName(),
                    type);
        }
    }

    /** A message of any length costs no more memory than what is kept of it. */
    private static String printed(Throwable thrown) {
        var text = new StringWriter();
        Shortened.copy(thrown, Collections.newSetFromMap(new IdentityHashMap<>()))
                .printStackTrace(new PrintWriter(text, true));
        return shortened(text.toString());
    }

    /** An exception that prints as another does, but for the end of a long message. */
    private static final class Shortened extends Exception {

        private static final long serialVersionUID = 1;

        private Shortened(String text, @Nullable Throwable cause) {
            super(text, cause);
        }

        static Throwable copy(Throwable thrown, Set<Throwable> seen) {
            seen.add(thrown);
            String message = thrown.getMessage();
            boolean isShort = message == null || message.length() <= MAX_CHARACTERS;
            Throwable cause = thrown.getCause();
            var copy = new Shortened(
                    shortened(isShort ? thrown.toString() : thrown.getClass().getName() + ": " + shortened(message)),
                    cause == null || seen.contains(cause) ? null : copy(cause, seen));
            copy.setStackTrace(thrown.getStackTrace());
            for (Throwable suppressed : thrown.getSuppressed()) {
                if (!seen.contains(suppressed)) {
                    copy.addSuppressed(copy(suppressed, seen));
                }
            }
            return copy;
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
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
