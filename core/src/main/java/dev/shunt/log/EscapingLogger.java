package dev.shunt.log;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.spi.LocationAwareLogger;

/** Hands on what is logged, with its arguments and exceptions {@link Escaped}. */
final class EscapingLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1;

    private final transient Logger to;

    EscapingLogger(Logger to) {
        this.to = to;
        this.name = to.getName();
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        Object[] escaped = arguments == null
                ? new Object[0]
                : Stream.of(arguments).map(EscapingLogger::escaped).toArray();
        Throwable printable = EscapedException.of(thrown);
        if (to instanceof LocationAwareLogger aware) {
            aware.log(marker, getFullyQualifiedCallerName(), level.toInt(), pattern, escaped, printable);
        } else {
            to.atLevel(level).setCause(printable).log(pattern, escaped);
        }
    }

    /** A stack trace is of this library's making, and is already escaped. */
    private static Object escaped(@Nullable Object argument) {
        return argument instanceof StackTrace || argument instanceof Number
                ? argument
                : Escaped.text(String.valueOf(argument));
    }

    /** Where a logger that prints its caller's class looks for it: below this one in the stack. */
    @Override
    protected String getFullyQualifiedCallerName() {
        return AbstractLogger.class.getName();
    }

    @Override
    public boolean isTraceEnabled() {
        return to.isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return to.isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return to.isInfoEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
        return to.isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
        return to.isErrorEnabled();
    }
}
