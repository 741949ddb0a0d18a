package dev.shunt.tests;

import dev.shunt.testing.Gate;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Visitor;
import dev.shunt.tests.programs.Ledger;
import dev.shunt.tests.programs.Ledger.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What one test sees of tasks in other processes: a gate where they stand still, and a ledger of those that have
 * started.
 */
final class Witness implements BeforeEachCallback, AfterEachCallback {

    private final Programs programs;
    private final Gate gate = new Gate();
    private Path ledger = Path.of("");

    /** @param programs in whose directory the ledger is */
    Witness(Programs programs) {
        this.programs = programs;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        ledger = Files.createTempDirectory(programs.directory(), "ledger").resolve("ledger");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        gate.close();
    }

    Gate gate() {
        return gate;
    }

    Path ledger() {
        return ledger;
    }

    /** What a program has to be told of this witness, and what else it is told. */
    Object[] arguments(Object... others) {
        return Stream.concat(Stream.of("--gate", gate.port(), "--ledger", ledger), Stream.of(others))
                .toArray();
    }

    /** Of one task, those that have started. */
    List<Integer> attempts(long taskId) {
        return Ledger.read(ledger).stream()
                .filter(entry -> entry.taskId() == taskId && entry.event().equals("started"))
                .map(Entry::attempt)
                .toList();
    }

    /** The process of a task at the gate. */
    static long pid(Visitor visitor) {
        return Long.parseLong(visitor.who().replaceFirst(".* pid (\\d+) .*", "$1"));
    }
}
