package dev.shunt.examples;

import java.math.BigDecimal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What lines of the durable queue mean: {@code stats} and {@code cancel ID} ask for something, all
 * others are tasks, {@code key NAME LINE} and {@code unique NAME LINE} under a key.
 */
public sealed interface Lines {

    /** How much of what there is. */
    record AskStats() implements Lines {}

    record Cancel(long id) implements Lines {}

    /**
     * What is to be done.
     *
     * @param key that orders it; null for none
     * @param unique that no other may have; null for none
     */
    record Task(String text, @Nullable String key, @Nullable String unique) implements Lines {}

    static Lines read(String line) {
        if (line.equals("stats")) {
            return new AskStats();
        }
        if (line.matches("cancel \\d{1,18}")) {
            return new Cancel(Long.parseLong(line.substring("cancel ".length())));
        }
        var words = line.split(" ", 3);
        if (words.length == 3 && words[0].equals("key")) {
            return new Task(words[2], words[1], null);
        }
        if (words.length == 3 && words[0].equals("unique")) {
            return new Task(words[2], null, words[1]);
        }
        return new Task(line, null, null);
    }

    /**
     * A task worker: {@code sleep SECONDS} takes so long, {@code hang} for ever, whoever interrupts
     * it; {@code fail} fails twice.
     */
    static void run(dev.shunt.task.Task task) throws InterruptedException {
        String line = task.data().text();
        if (line.matches("sleep \\d{1,9}(\\.\\d{1,9})?")) {
            var seconds = new BigDecimal(line.substring("sleep ".length()));
            var never = new CountDownLatch(1);
            var _ = never.await(seconds.movePointRight(9).longValue(), TimeUnit.NANOSECONDS);
        } else if (line.equals("hang")) {
            while (true) {
                Thread.onSpinWait();
            }
        } else if (line.equals("fail") && task.attempt() <= 2) {
            throw new IllegalStateException(
                    "attempt " + task.attempt() + " fails, as it was asked to");
        }
    }
}
