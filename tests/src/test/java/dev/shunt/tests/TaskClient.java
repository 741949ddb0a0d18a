package dev.shunt.tests;

import dev.shunt.testing.LineClient;
import java.util.HashMap;
import java.util.Map;

/** Talks to a {@code TaskServer}: results come when they come, between answers and in any order. */
final class TaskClient implements AutoCloseable {

    private final LineClient lines;
    private final Map<Long, String> results = new HashMap<>();

    TaskClient(int port) {
        lines = new LineClient(port);
    }

    /** Submits a task; returns its id. */
    long submit(String job) {
        return id("task " + job);
    }

    long submitWithRetries(int retries, String job) {
        return id("retry " + retries + " " + job);
    }

    private long id(String command) {
        String answer = ask(command);
        if (!answer.startsWith("task ")) {
            throw new AssertionError("not accepted: " + answer);
        }
        return Long.parseLong(answer.substring("task ".length()));
    }

    /** Submits a task and waits for its result. */
    String run(String job) {
        return result(submit(job));
    }

    /** The answer to a command that is no task. */
    String ask(String command) {
        lines.send(command);
        return readAnswer();
    }

    /** Without waiting for the answer. */
    TaskClient send(String command) {
        lines.send(command);
        return this;
    }

    String readAnswer() {
        while (true) {
            String line = lines.read();
            if (!keep(line)) {
                return line;
            }
        }
    }

    /** Waits for the end of a task: its outcome and details, without the id. */
    String result(long id) {
        while (!results.containsKey(id)) {
            read();
        }
        return results.get(id);
    }

    /** Waits until so many results have come, of all tasks of this client. */
    Map<Long, String> results(int count) {
        while (results.size() < count) {
            read();
        }
        return Map.copyOf(results);
    }

    private void read() {
        String line = lines.read();
        if (!keep(line) && !line.startsWith("task ")) {
            throw new AssertionError("no result but: " + line);
        }
    }

    /** A second result of one task is an error, whatever the two are. */
    private boolean keep(String line) {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[0].matches("done|failed|lost|timed-out|cancelled|rejected")) {
            return false;
        }
        String outcome = words.length == 2 ? words[0] : words[0] + " " + words[2];
        String before = results.put(Long.valueOf(words[1]), outcome.stripTrailing());
        if (before != null) {
            throw new AssertionError("task " + words[1] + " ended twice: " + before + ", then " + outcome);
        }
        return true;
    }

    LineClient lines() {
        return lines;
    }

    @Override
    public void close() {
        lines.close();
    }
}
