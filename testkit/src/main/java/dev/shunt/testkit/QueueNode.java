package dev.shunt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.task.Durability;
import dev.shunt.task.Outcome;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Claim;
import dev.shunt.task.TaskQueue.Ended;
import dev.shunt.task.TaskQueue.Entry;
import dev.shunt.task.TaskQueue.Kind;
import dev.shunt.task.TaskQueue.Lease;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.task.TaskQueue.SharedTask;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node without an engine: what its queue says is kept until a test asks for it. */
final class QueueNode implements TaskQueue.Listener, AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<Claim> claims = new LinkedBlockingQueue<>();
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();

    /** What an earlier node of this name had not told. */
    private final BlockingQueue<Ended> adopted = new LinkedBlockingQueue<>();

    private final BlockingQueue<Long> cancelled = new LinkedBlockingQueue<>();
    private final BlockingQueue<Data> progress = new LinkedBlockingQueue<>();
    private final TaskQueue queue;
    private long wanted;

    QueueNode(TaskQueue.Opener opener, Kind... kinds) throws IOException {
        queue = opener.open(new TaskQueue.Self(List.of(List.of(kinds))), this);
    }

    TaskQueue queue() {
        return queue;
    }

    Answer append(Entry entry) {
        return begin(entry).join();
    }

    /** Does not wait for the answer. */
    CompletableFuture<Answer> begin(Entry entry) {
        var answer = new CompletableFuture<Answer>();
        queue.append(entry, Durability.SYNC, answer::complete);
        return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static SharedTask task(long id, String type, TaskOptions options) {
        return task(id, type, options, null);
    }

    static SharedTask task(long id, String type, TaskOptions options, @Nullable Occurrence due) {
        return new SharedTask(id, type, Data.of("task " + id), options.durability(Durability.SYNC), 0, true, due);
    }

    Answer offer(long id, String type, TaskOptions options) {
        return append(new Entry.Offered(task(id, type, options)));
    }

    /** It may be handed so many more. */
    QueueNode want(int more) {
        wanted += more;
        queue.want(0, wanted);
        return this;
    }

    Claim claim() {
        want(1);
        return handed();
    }

    /** What it has asked for before. */
    Claim handed() {
        return next(claims);
    }

    List<Claim> claim(int count) {
        want(count);
        var all = new ArrayList<Claim>();
        while (all.size() < count) {
            all.add(next(claims));
        }
        return all;
    }

    /** Whatever time it has, it is handed nothing more than it has been. */
    void hasNoClaimWithin(Duration time) {
        assertThat(poll(claims, time)).as("claimed").isNull();
    }

    /** It is to be answered with {@link Entry.Told}. */
    Ended untold() {
        return next(ended);
    }

    Ended ended() {
        var end = untold();
        assertThat(append(new Entry.Told(end.taskId()))).isInstanceOf(Answer.Kept.class);
        return end;
    }

    long cancelled() {
        return next(cancelled);
    }

    Data progress() {
        return next(progress);
    }

    Answer done(Lease lease, String result) {
        return append(new Entry.Settled(lease, Outcome.DONE, Data.of(result)));
    }

    private static <T> T next(BlockingQueue<T> from) {
        return Objects.requireNonNull(poll(from, Duration.ofSeconds(PATIENCE_SECONDS)), "nothing came");
    }

    private static <T> @Nullable T poll(BlockingQueue<T> from, Duration time) {
        try {
            return from.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void claimed(int group, List<Claim> handed) {
        claims.addAll(handed);
    }

    @Override
    public void ended(List<Ended> ends) {
        for (var end : ends) {
            (end.adopted() ? adopted : ended).add(end);
        }
    }

    @Override
    public void cancel(long taskId, int fence) {
        cancelled.add(taskId);
    }

    @Override
    public void progressed(long taskId, Data said) {
        progress.add(said);
    }

    @Override
    public void alive(long fromNanos, long validNanos) {}

    @Override
    public void fenced(String why) {}

    @Override
    public void due(Occurrence occurrence) {}

    @Override
    public void reachable(boolean now, String why) {}

    @Override
    public void close() throws IOException {
        adopted.forEach(end -> queue.append(new Entry.Told(end.taskId()), Durability.DISK, _ -> {}));
        queue.close();
    }
}
