package dev.shunt.log;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An exception as it may be printed: its text, and that of its causes, is one line each. */
final class EscapedException extends Exception {

    private static final long serialVersionUID = 1;

    private EscapedException(Throwable original, @Nullable Throwable cause) {
        super(Escaped.text(text(original)), cause);
        setStackTrace(original.getStackTrace());
    }

    /** The exception itself, if none of its texts has anything to escape. */
    static @Nullable Throwable of(@Nullable Throwable thrown) {
        return thrown == null || !isNeeded(thrown, Collections.newSetFromMap(new IdentityHashMap<>()))
                ? thrown
                : escaped(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** As it is printed, but without making a copy of a message that will be cut. */
    private static String text(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null || message.length() <= Escaped.MAX_CHARS ? thrown.toString() : message;
    }

    private static boolean isNeeded(Throwable thrown, Set<Throwable> seen) {
        if (!seen.add(thrown)) {
            return false;
        }
        boolean needed = Escaped.isNeeded(text(thrown));
        for (Throwable suppressed : thrown.getSuppressed()) {
            needed |= isNeeded(suppressed, seen);
        }
        Throwable cause = thrown.getCause();
        return needed || (cause != null && isNeeded(cause, seen));
    }

    private static @Nullable Throwable escaped(Throwable thrown, Set<Throwable> seen) {
        if (!seen.add(thrown)) {
            return null;
        }
        Throwable cause = thrown.getCause();
        var escaped = new EscapedException(thrown, cause == null ? null : escaped(cause, seen));
        for (Throwable suppressed : thrown.getSuppressed()) {
            var copy = escaped(suppressed, seen);
            if (copy != null) {
                escaped.addSuppressed(copy);
            }
        }
        return escaped;
    }

    /** The original's class and message, of which the message already has both. */
    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
