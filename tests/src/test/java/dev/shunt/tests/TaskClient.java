package dev.shunt.tests;

import dev.shunt.testing.LineClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Talks to a {@code TaskServer}: results come when they come, between answers and in any order. */
final class TaskClient implements AutoCloseable {

    /** What it talks through. */
    interface Lines extends AutoCloseable {

        void send(String line);

        /** The next line; waits for it, but not for ever. */
        String read();

        @Override
        void close();
    }

    private final Lines lines;
    private final @Nullable LineClient socket;
    private final Map<Long, String> results = new HashMap<>();

    TaskClient(int port) {
        var opened = new LineClient(port);
        socket = opened;
        lines = new Lines() {
            @Override
            public void send(String line) {
                opened.send(line);
            }

            @Override
            public String read() {
                return opened.read();
            }

            @Override
            public void close() {
                opened.close();
            }
        };
    }

    TaskClient(Lines lines) {
        this.lines = lines;
        socket = null;
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
            readResult();
        }
        return results.get(id);
    }

    /** Waits until so many results have come, of all tasks of this client. */
    Map<Long, String> results(int count) {
        while (results.size() < count) {
            readResult();
        }
        return Map.copyOf(results);
    }

    private void readResult() {
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

    /** The next line, whatever it is. */
    String read() {
        return lines.read();
    }

    LineClient lines() {
        return Objects.requireNonNull(socket);
    }

    @Override
    public void close() {
        lines.close();
    }
}
