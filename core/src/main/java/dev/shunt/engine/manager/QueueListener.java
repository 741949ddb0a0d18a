package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.task.TaskQueue;
import dev.shunt.task.TaskQueue.Claim;
import dev.shunt.task.TaskQueue.Ended;
import dev.shunt.task.TaskQueue.Occurrence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings what the queue says, on threads of its own, onto the main loop; what comes before there are parts waits for them. */
final class QueueListener implements TaskQueue.Listener {

    private final LoopInbox inbox;
    private final List<Consumer<Sharing>> early = new ArrayList<>();
    private @Nullable Sharing sharing;
    private Consumer<Occurrence> due = _ -> {};

    QueueListener(LoopInbox inbox) {
        this.inbox = inbox;
    }

    void hearsFor(Sharing parts) {
        inbox.add(() -> {
            sharing = parts;
            early.forEach(event -> event.accept(parts));
            early.clear();
        });
    }

    /** On the main loop: what is to be done about a schedule of a node that is gone. */
    void whenDue(Consumer<Occurrence> action) {
        due = action;
    }

    private void on(Consumer<Sharing> event) {
        inbox.add(() -> {
            if (sharing == null) {
                early.add(event);
            } else {
                event.accept(sharing);
            }
        });
    }

    @Override
    public void claimed(int group, List<Claim> claims) {
        on(parts -> parts.runs().claimed(group, claims));
    }

    @Override
    public void ended(List<Ended> ended) {
        on(parts -> parts.ended(ended));
    }

    @Override
    public void cancel(long taskId, int fence) {
        on(parts -> parts.runs().cancel(taskId, fence));
    }

    @Override
    public void progressed(long taskId, Data progress) {
        on(parts -> parts.progressed(taskId, progress));
    }

    @Override
    public void alive(long fromNanos, long validNanos) {
        on(parts -> parts.runs().alive(fromNanos, validNanos));
    }

    @Override
    public void fenced(String why) {
        on(parts -> parts.runs().fenced(why));
    }

    @Override
    public void due(Occurrence occurrence) {
        on(_ -> due.accept(occurrence));
    }

    @Override
    public void reachable(boolean now, String why) {
        on(parts -> parts.runs().reachable(now, why));
    }
}
