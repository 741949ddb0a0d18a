package dev.shunt.tests;

import dev.shunt.testing.LineClient;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Talks to a {@code Workbench}: lines are awaited by what is in them, whatever comes between. */
final class WorkbenchClient implements AutoCloseable {

    private final LineClient lines;
    private final List<String> unread = new ArrayList<>();

    WorkbenchClient(int port) {
        lines = new LineClient(port);
    }

    WorkbenchClient send(String command) {
        lines.send(command);
        return this;
    }

    /** The first line that is like this as a whole, and that nobody has awaited yet. */
    Matcher await(String regex) {
        var pattern = Pattern.compile(regex);
        for (int i = 0; ; i++) {
            if (i == unread.size()) {
                unread.add(read(regex));
            }
            var matcher = pattern.matcher(unread.get(i));
            if (matcher.matches()) {
                unread.remove(i);
                return matcher;
            }
        }
    }

    private String read(String regex) {
        try {
            return lines.read();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("no line like /" + regex + "/ but " + unread, e);
        }
    }

    /** The first group of the line, or all of it. */
    String ask(String command, String regex) {
        lines.send(command);
        var answer = await(regex);
        return answer.groupCount() == 0 ? answer.group() : answer.group(1);
    }

    /** Submits a task with any of the commands that do; returns its id. */
    long task(String command) {
        return Long.parseLong(ask(command, "task (\\d+) @.*"));
    }

    /** Lines that have come so far and that nobody has awaited. */
    List<String> unread() {
        ask("ping", "pong @.*");
        return List.copyOf(unread);
    }

    @Override
    public void close() {
        lines.close();
    }
}
