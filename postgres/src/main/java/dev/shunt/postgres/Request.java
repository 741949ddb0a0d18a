package dev.shunt.postgres;

import dev.shunt.task.Durability;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Entry;
import dev.shunt.task.TaskQueue.Occurrence;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An entry that was appended, and what it becomes. */
final class Request {

    /** After which what waits for another node is answered as it is: two and a half seconds. */
    private static final int MOST_TRIES = 7;

    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    final Entry entry;
    final Durability durability;
    private final Consumer<Answer> done;
    private int tries;

    /** What of a schedule a transaction gave this node of whose end it has not heard. */
    private final List<Occurrence> taken = new ArrayList<>();

    Request(Entry entry, Durability durability, Consumer<Answer> done) {
        this.entry = entry;
        this.durability = durability;
        this.done = done;
    }

    int bytes() {
        return switch (entry) {
            case Entry.Offered(var task) -> 256 + task.data().size();
            case Entry.Settled settled -> 128 + settled.data().size();
            case Entry.Died died -> 128 + died.data().size() + died.reason().length();
            case Entry.Withdrawn _,
                    Entry.Begun _,
                    Entry.Retried _,
                    Entry.Returned _,
                    Entry.Told _,
                    Entry.CancelAsked _,
                    Entry.Revived _,
                    Entry.Discarded _,
                    Entry.Due _,
                    Entry.Skipped _ -> 128;
        };
    }

    /** Whether it is tried once more. */
    boolean hasPatience() {
        return tries < MOST_TRIES;
    }

    /** Twice as long each time. */
    long nextPauseNanos() {
        return FIRST_PAUSE << tries++;
    }

    List<Occurrence> taken() {
        return List.copyOf(taken);
    }

    void took(Occurrence occurrence) {
        taken.add(occurrence);
    }

    void tell(Answer answer) {
        done.accept(answer);
    }
}
