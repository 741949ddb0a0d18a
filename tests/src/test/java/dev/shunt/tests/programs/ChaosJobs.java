package dev.shunt.tests.programs;

import dev.shunt.server.Server;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the tasks of {@link Chaos} do. Whatever returns something returns {@code ID ATTEMPT}, to be found in the book. */
final class ChaosJobs {

    static final String PADDING = "x".repeat(70 << 10);

    /** Thrown by what is not to be tried again. */
    static final class GivesUp extends Exception {
        private static final long serialVersionUID = 1;

        GivesUp() {
            super("not again");
        }
    }

    private final Server server;
    private final ChaosBook book;

    ChaosJobs(Server server, ChaosBook book) {
        this.server = server;
        this.book = book;
    }

    /** The payload is {@code KIND KEY}, or more. */
    @Nullable Object run(Task task) throws Exception {
        String[] words = task.data().text().split(" ", 3);
        var kind = Chaos.Kind.valueOf(words[0]);
        book.began(task, kind, words[1]);
        String how = "threw";
        try {
            Object result = run(task, kind);
            how = "returned";
            return result;
        } finally {
            book.ended(task, how);
        }
    }

    private @Nullable Object run(Task task, Chaos.Kind kind) throws Exception {
        String mark = task.id() + " " + task.attempt();
        switch (kind) {
            case QUICK, INNER, ONE_SLOT, DEADLINE, DISK_ONCE, AT, FLOODED -> {}
            case RETRYING, DISK, SYNC, ORDERED, ORDERED_DISK -> throwsSometimes(task);
            case FAILING -> throw new IllegalStateException("always");
            case GIVING_UP -> throw new GivesUp();
            case UNIQUE_DROP, UNIQUE_REPLACE, UNIQUE_JOIN -> pause(20);
            case SLOW -> pause(400);
            case HANGING -> new CountDownLatch(1).await();
            case STUBBORN -> neverYields();
            case LARGE -> {
                return mark + " " + PADDING;
            }
            case PROGRESS -> {
                for (int i = 0; i < 5; i++) {
                    task.progress(task.attempt() + " " + i);
                }
                task.finish("not the last one");
            }
            case FINISHES -> {
                for (int i = 1; i <= ChaosLoad.FINISHES; i++) {
                    task.finish(mark + " " + i);
                }
                return null;
            }
            case NESTED -> nested(" -");
            case NESTED_LARGE -> nested(" - " + PADDING);
            case WAITING -> {
                book.asks(task);
                book.heard(task, server.taskWait("INNER -", Duration.ofMillis(300)));
            }
        }
        return mark;
    }

    private void nested(String payload) {
        var options = TaskOptions.DEFAULT.timeout(Duration.ofSeconds(2));
        long id = server.task("INNER" + payload, options, book::result);
        book.submitted(id, Chaos.Kind.INNER, "-", options);
    }

    private static void throwsSometimes(Task task) {
        if (Math.floorMod(task.id() * 31 + task.attempt() * 17L, 10) < 3) {
            throw new IllegalStateException("this time");
        }
    }

    private static void pause(int millis) throws InterruptedException {
        if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("nobody counts down");
        }
    }

    private static void neverYields() {
        var never = new CountDownLatch(1);
        while (never.getCount() > 0) {
            try {
                never.await();
            } catch (InterruptedException e) {
                IO.println("interrupted, and goes on");
            }
        }
    }
}
