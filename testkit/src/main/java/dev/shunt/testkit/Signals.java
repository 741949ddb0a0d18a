package dev.shunt.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals that Java does not send by itself, through {@code kill(1)}. */
final class Signals {

    private Signals() {}

    /** SIGINT; a negative id is a process group. */
    static void interrupt(long id) {
        try {
            int code = new ProcessBuilder("kill", "-INT", "--", Long.toString(id))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -INT -- " + id + " failed with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while interrupting " + id, e);
        }
    }
}
