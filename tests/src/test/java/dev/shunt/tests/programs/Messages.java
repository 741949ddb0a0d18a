package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.testing.Gate;
import dev.shunt.worker.Worker;
import java.io.IOException;
import java.util.Locale;

/** A worker that sends another one messages of so many bytes, as its client wants, until one is refused. */
public final class Messages {

    private final Options options;
    private final Worker sender;
    private final Worker receiver;
    private int sent;
    private int read;

    private Messages(Options options) {
        this.options = options;
        sender = new Worker("text://127.0.0.1:0").placement(options.placement("sender", Placement.CHILDREN));
        receiver = new Worker().name("receiver").placement(options.placement("receiver", Placement.CHILDREN));
    }

    static void main(String[] args) {
        new Messages(Options.of(args)).run();
    }

    private void run() {
        sender.onMessage((connection, message) -> {
            var command = Command.of(message.text());
            switch (command.verb()) {
                case "hold" -> sender.sendMessage("hold", 1);
                case "fill" -> {
                    fill(Integer.parseInt(command.rest()));
                    connection.send("sent " + sent);
                }
                case "end" -> connection.send(sender.sendMessage("end", 1) ? "sent" : "refused");
                default -> throw command.unknown();
            }
        });
        receiver.onPipeMessage((_, message) -> read(message.text().strip()));
        Worker.runAll();
    }

    private void fill(int bytes) {
        while (sender.sendMessage(numbered(sent, bytes), 1)) {
            sent++;
        }
    }

    private static String numbered(int number, int bytes) {
        return number
                + " ".repeat(bytes - String.format(Locale.ROOT, "%d", number).length());
    }

    private void read(String text) throws IOException {
        switch (text) {
            case "hold" -> Gate.pass(options.number("gate", 0), "receiver");
            case "end" -> IO.println("read " + read);
            default -> {
                if (Integer.parseInt(text) != read) {
                    throw new IllegalStateException(text + " comes after " + (read - 1));
                }
                read++;
            }
        }
    }
}
