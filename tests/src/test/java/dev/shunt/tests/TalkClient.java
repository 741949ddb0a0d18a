package dev.shunt.tests;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;

/** A client of {@code Talk}, which greets it with its connection's id. */
final class TalkClient implements AutoCloseable {

    private final LineClient lines;
    private final long id;

    TalkClient(Program program) {
        lines = new LineClient(program.port());
        String greeting = lines.read();
        if (!greeting.matches("hello \\d+")) {
            throw new AssertionError("greeted with " + greeting);
        }
        id = Long.parseLong(greeting.substring("hello ".length()));
    }

    /** The connection's id in the program. */
    long id() {
        return id;
    }

    /** The process in which its messages run. */
    long pid() {
        return Long.parseLong(ask("where").replaceFirst(".* pid (\\d+) .*", "$1"));
    }

    String ask(String command) {
        return lines.ask(command);
    }

    TalkClient send(String command) {
        lines.send(command);
        return this;
    }

    String read() {
        return lines.read();
    }

    /** Waits until the server closes; returns what came before. */
    String awaitClose() {
        return lines.awaitClose();
    }

    LineClient lines() {
        return lines;
    }

    @Override
    public void close() {
        lines.close();
    }
}
