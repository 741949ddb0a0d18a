package dev.shunt.engine.manager;

import dev.shunt.control.DeadFilter;
import dev.shunt.task.DeadTask;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What lists, filters and groups need of a dead letter: little enough to be kept of a hundred thousand.
 *
 * @param line the first of its reason
 * @param text what may be seen of its payload; null if that is long, so that the letter has to be read
 */
record DeadFact(
        long id,
        long diedAtMillis,
        Cause cause,
        String line,
        Trace trace,
        @Nullable String text) {

    private static final String UNTYPED = "untyped";

    /** What letters have in common: their type, their exception, and where it came from. */
    record Cause(String type, String error, @Nullable String at) {

        static Cause of(String type, String line, Trace trace) {
            int colon = line.indexOf(": ");
            return new Cause(type, trace.thrown && colon > 0 ? line.substring(0, colon) : line, trace.at);
        }

        /** A word that stands for it, the same in every run: twelve digits of a hash. */
        String key() {
            String all = type + '\n' + error + '\n' + (at == null ? "" : at);
            return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8))
                    .toString()
                    .substring("01234567-0123-0123-0123-".length());
        }
    }

    /**
     * A reason without its first line.
     *
     * @param at the topmost frame that is not the JDK's
     */
    record Trace(String text, boolean thrown, @Nullable String at) {

        static Trace of(String text) {
            var frame = text.lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("at ") && !isOfJdk(line))
                    .map(line -> line.substring("at ".length()))
                    .findFirst();
            return new Trace(text, frame.isPresent() || text.contains("\n\tat "), frame.orElse(null));
        }

        private static boolean isOfJdk(String frame) {
            return frame.startsWith("at java.") || frame.startsWith("at jdk.") || frame.startsWith("at java/");
        }
    }

    static String type(DeadTask letter) {
        return letter.task().type().isEmpty() ? UNTYPED : letter.task().type();
    }

    /** Where the first line of a reason ends. */
    static int lineEnd(String reason) {
        for (int i = 0; i < reason.length(); i++) {
            if (reason.charAt(i) == '\n' || reason.charAt(i) == '\r') {
                return i;
            }
        }
        return reason.length();
    }

    static String line(String reason) {
        return reason.substring(0, lineEnd(reason));
    }

    /** All but its text, which may have to be read, and its cause, which many have in common. */
    boolean matches(DeadFilter filter) {
        return (filter.ids().isEmpty() || filter.ids().contains(id))
                && filter.type().map(cause.type::equals).orElse(true)
                && filter.error().map(this::reasonContains).orElse(true)
                && filter.since()
                        .map(since -> diedAtMillis >= since.toEpochMilli())
                        .orElse(true);
    }

    private boolean reasonContains(String wanted) {
        boolean spans = lineEnd(wanted) < wanted.length();
        return line.contains(wanted) || trace.text.contains(wanted) || (spans && (line + trace.text).contains(wanted));
    }
}
