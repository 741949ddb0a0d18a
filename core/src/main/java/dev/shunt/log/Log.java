package dev.shunt.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

/** The loggers of the library's classes. */
public final class Log {

    private Log() {}

    /**
     * The program's logger of that name, by SLF4J. Arguments and the messages of exceptions are written as {@link Escaped}
     * says. If the program has no SLF4J provider, warnings and errors go to standard error, and nothing else anywhere.
     */
    public static Logger of(Class<?> type) {
        return named(type.getName());
    }

    /** As {@link #of}, of a name that programs know. */
    public static Logger named(String name) {
        return new EscapingLogger(hasProvider() ? LoggerFactory.getLogger(name) : new StandardErrorLogger(name));
    }

    private static boolean hasProvider() {
        return !(LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory) || wantsSilence();
    }

    /** It has the provider that says nothing, slf4j-nop, whose factory is that of a program without one. */
    private static boolean wantsSilence() {
        try {
            Class.forName("org.slf4j.nop.NOPServiceProvider", false, LoggerFactory.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException _) {
            return false;
        }
    }
}
