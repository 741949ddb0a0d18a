package dev.shunt.tests.programs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import dev.shunt.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file to which all processes append, a line per run of a task: the witness of what ran, and how often. The system
 * appends short lines whole.
 */
public record Ledger(Optional<Path> file) {

    /**
     * One run of a task.
     *
     * @param event {@code started}, or {@code passed} when it got through the gate
     */
    public record Entry(String event, long taskId, int attempt, long pid) {}

    /** An empty name is a ledger that forgets. */
    static Ledger at(String name) {
        return new Ledger(name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name)));
    }

    void started(Task task) {
        append("started", task);
    }

    void passed(Task task) {
        append("passed", task);
    }

    private void append(String event, Task task) {
        String line = "%s %d %d %d%n"
                .formatted(
                        event,
                        task.id(),
                        task.attempt(),
                        ProcessHandle.current().pid());
        file.ifPresent(path -> {
            try {
                Files.writeString(path, line, CREATE, APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** What stands in it by now; nothing if it does not exist yet. */
    public static List<Entry> read(Path file) {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().map(Ledger::parse).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ids of the runs that started, one for each run. */
    public static List<Long> startedIds(Path file) {
        return read(file).stream()
                .filter(entry -> entry.event().equals("started"))
                .map(Entry::taskId)
                .toList();
    }

    private static Entry parse(String line) {
        String[] words = line.split(" ", -1);
        return new Entry(words[0], Long.parseLong(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]));
    }
}
