package dev.shunt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals that Java does not send by itself, through {@code kill(1)}. */
public final class Signals {

    private Signals() {}

    /**
     * Sends a signal.
     *
     * @param name such as {@code STOP}
     * @param id of a process; negative for a process group
     */
    public static void send(String name, long id) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, "--", Long.toString(id))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " -- " + id + " failed with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while sending SIG" + name + " to " + id, e);
        }
    }
}
