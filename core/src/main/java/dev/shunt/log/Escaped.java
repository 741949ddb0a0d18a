package dev.shunt.log;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text that somebody else wrote, as one line for a log: control characters, line separators and those that turn the
 * direction of what follows are written as {@code \n}, {@code \r}, {@code \t} or {@code \}{@code uXXXX}, and what is longer
 * than {@value #MAX_CHARS} characters is cut.
 */
public final class Escaped {

    static final int MAX_CHARS = 16 * 1_024;

    /** Lines of a stack trace as the JDK prints it. */
    private static final Pattern STACK_LINE = Pattern.compile(
            "\\s+(?:at [\\w.$/<>@ -]+\\([^()\\p{Cntrl}]*\\)|\\.\\.\\. \\d+ (?:more|common frames omitted))");

    private static final Pattern CAUSE_LINE = Pattern.compile("\\s*(?:Caused by|Suppressed): .*");

    private Escaped() {}

    /** The text itself, if there is nothing in it to escape. */
    public static String text(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        int end = Math.min(text.length(), MAX_CHARS);
        int clean = 0;
        while (clean < end && !isEscaped(text.charAt(clean))) {
            clean++;
        }
        return clean == text.length() ? text : escaped(text, clean, end);
    }

    /** A stack trace: its lines stay lines, what its messages have of other lines does not. */
    public static String stackTrace(String printed) {
        var text = new StringBuilder();
        for (String line : printed.split("\n", -1)) {
            boolean isLine = STACK_LINE.matcher(line).matches()
                    || CAUSE_LINE.matcher(line).matches();
            if (!text.isEmpty() && (isLine || !line.isEmpty())) {
                text.append(isLine ? "\n" : "\\n");
            }
            int indent = isLine ? line.length() - line.stripLeading().length() : 0;
            text.append(line, 0, indent).append(text(line.substring(indent)));
        }
        return text.toString();
    }

    static boolean isNeeded(@Nullable String text) {
        return text != null && !text.equals(text(text));
    }

    private static String escaped(String text, int clean, int end) {
        var escaped = new StringBuilder(end + 16).append(text, 0, clean);
        for (int i = clean; i < end; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (isEscaped(c)) {
                        escaped.append(String.format("\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        if (end < text.length()) {
            escaped.append("... (").append(text.length()).append(" characters)");
        }
        return escaped.toString();
    }

    private static boolean isEscaped(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
