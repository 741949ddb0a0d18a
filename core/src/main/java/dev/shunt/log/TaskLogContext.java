package dev.shunt.log;

import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/**
 * What loggers can say of the task that a thread runs: {@code shunt.task}, {@code shunt.type} and {@code shunt.attempt} in
 * SLF4J's MDC, from before its handler until after it. Nothing in a program whose SLF4J provider keeps none.
 */
public final class TaskLogContext {

    public static final String TASK = "shunt.task";
    public static final String TYPE = "shunt.type";
    public static final String ATTEMPT = "shunt.attempt";

    private static final boolean KEPT = isKept();

    private TaskLogContext() {}

    private static boolean isKept() {
        var adapter = MDC.getMDCAdapter();
        return adapter != null && !(adapter instanceof NOPMDCAdapter);
    }

    public static void open(long id, String type, int attempt) {
        if (KEPT) {
            MDC.put(TASK, Long.toString(id));
            MDC.put(TYPE, type);
            MDC.put(ATTEMPT, Integer.toString(attempt));
        }
    }

    public static void close() {
        if (KEPT) {
            MDC.remove(TASK);
            MDC.remove(TYPE);
            MDC.remove(ATTEMPT);
        }
    }
}
