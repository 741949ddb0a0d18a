package dev.shunt.launch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The programs that were made in this process, and how those ended that were started and have ended. For any thread. */
final class Starts {

    private final Map<Start, Integer> made = new ConcurrentHashMap<>();
    private final Map<Start, String> ended = new LinkedHashMap<>();

    /** A program that the calling thread makes. */
    Start next(String program) {
        String thread = Thread.currentThread().getName();
        int count = made.merge(new Start(program, thread, 0), 1, Integer::sum);
        return new Start(program, thread, count - 1);
    }

    /** What the children of a program that starts now are told. */
    synchronized Replay replay(Start own) {
        return new Replay(own, made.size() == 1 && own.before() == 0, Map.copyOf(ended));
    }

    synchronized void returned(Start start) {
        ended.put(start, Replay.RETURNED);
    }

    synchronized void threw(Start start, Throwable problem) {
        ended.put(start, Objects.requireNonNullElse(problem.getMessage(), problem.toString()));
    }
}
