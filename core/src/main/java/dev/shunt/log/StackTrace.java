package dev.shunt.log;

/**
 * A stack trace that another process printed, as an argument of a log message: its lines stay lines, those within its
 * messages do not.
 */
public record StackTrace(String printed) {

    @Override
    public String toString() {
        return Escaped.stackTrace(printed);
    }
}
