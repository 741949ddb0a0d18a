package dev.shunt.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** For a program without an SLF4J provider: prints warnings and errors to standard error, each by one call. */
final class StandardErrorLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1;

    StandardErrorLogger(String name) {
        this.name = name;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        var text = new StringWriter();
        text.append(level.name()).append(' ').append(name).append(" - ");
        text.append(MessageFormatter.basicArrayFormat(pattern, arguments));
        if (thrown != null) {
            text.append(System.lineSeparator());
            thrown.printStackTrace(new PrintWriter(text));
        }
        System.err.println(text.toString().stripTrailing());
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return AbstractLogger.class.getName();
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return false;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }
}
