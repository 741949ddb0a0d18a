package dev.shunt.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A process that writes a {@link Script} into a log, from the given entry on, until it dies. Prints a line for each entry
 * that was acknowledged. Dies by itself at the n-th step of a commit, or is killed.
 */
final class Scribe {

    private static final int UNDER_WAY = 40;

    private Scribe() {}

    /** FILE SEED FROM STEP, with step 0 for never. */
    static void main(String[] arguments) throws IOException, InterruptedException {
        var script = new Script(Long.parseLong(arguments[1]));
        int from = Integer.parseInt(arguments[2]);
        var log = SqliteTaskLog.open(Path.of(arguments[0]), haltAt(Integer.parseInt(arguments[3])));
        var room = new Semaphore(UNDER_WAY);
        for (int index = from; ; index++) {
            room.acquire();
            int number = index;
            log.append(script.entry(index), script.durability(index), failure -> {
                System.out.println(failure == null ? "kept " + number : "failed " + number + " " + failure);
                room.release();
            });
        }
    }

    private static Consumer<CommitStep> haltAt(int step) {
        var reached = new AtomicInteger();
        return now -> {
            if (reached.incrementAndGet() == step) {
                System.out.println("halts when " + now);
                Runtime.getRuntime().halt(9);
            }
        };
    }
}
