package dev.shunt.tests.programs;

import dev.shunt.testing.Gate;
import dev.shunt.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program whose children do not get to {@code runAll}: they stand at the gate before. */
public final class SlowMain {

    private SlowMain() {}

    /** @param args a file that the first process creates, and the gate's port */
    static void main(String[] args) throws IOException {
        new Worker("text://127.0.0.1:0");
        Path file = Path.of(args[0]);
        if (Files.exists(file)) {
            Gate.pass(Integer.parseInt(args[1]), "a child in its main");
        } else {
            Files.createFile(file);
        }
        Worker.runAll();
    }
}
