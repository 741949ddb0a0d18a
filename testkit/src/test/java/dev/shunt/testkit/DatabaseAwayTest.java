package dev.shunt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.server.Server;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A queue that stops answering: what whoever asked has waited too long for is taken back, what a schedule is due is not. */
class DatabaseAwayTest {

    /** Says whose turn it is, and nothing more. */
    private static final class Away implements TaskQueue {

        private final List<Entry> entries = new ArrayList<>();
        private long wanted;

        @Override
        public void append(Entry entry, Durability durability, Consumer<Answer> done) {
            entries.add(entry);
            if (entry instanceof Entry.Due(var asked)) {
                done.accept(new Answer.Fires(asked, Duration.ofHours(1).toNanos()));
            }
        }

        private List<String> offered() {
            return entries.stream()
                    .filter(Entry.Offered.class::isInstance)
                    .map(entry -> ((Entry.Offered) entry).task().data().text())
                    .toList();
        }

        private List<Long> withdrawn() {
            return entries.stream()
                    .filter(Entry.Withdrawn.class::isInstance)
                    .map(entry -> ((Entry.Withdrawn) entry).taskId())
                    .toList();
        }

        @Override
        public void want(int group, long total) {
            wanted = total;
        }

        @Override
        public void progress(Lease lease, Data progress) {}

        @Override
        public Counts counts() {
            return Counts.NONE;
        }

        @Override
        public List<NodeInfo> nodes() {
            return List.of();
        }

        @Override
        public void load(Load load) {}

        @Override
        public int node() {
            return 1;
        }

        @Override
        public Optional<DeadTask> dead(long taskId) {
            return Optional.empty();
        }

        @Override
        public List<DeadTask> deadTasks(long afterId, int limit, long maxBytes) {
            return List.of();
        }

        @Override
        public long reserve(int count) {
            return 1;
        }

        @Override
        public void close() {}
    }

    @Test
    void taskOfASchedule_isNotTakenBack_anyOtherIs() {
        var away = new Away();
        var server = new Server("127.0.0.1", 0)
                .set(settings -> settings.taskWorkerNum(1).taskQueue((_, _) -> away))
                .onReceive((_, _) -> {})
                .onTask((_, _) -> {});
        server.schedule("tick", Duration.ofSeconds(1), () -> "of a schedule");
        var engine = ManualEngine.of(server);
        engine.runDue();
        var task = server.submit("of somebody", TaskOptions.DEFAULT.durability(Durability.DISK));
        engine.runDue();
        assertThat(away.offered()).containsExactlyInAnyOrder("of a schedule", "of somebody");

        engine.clock().advance(Duration.ofSeconds(31));
        engine.runDue();
        assertThat(away.withdrawn()).containsExactly(task.id());
        assertThat(task.stored().toCompletableFuture()).isCompletedExceptionally();
    }

    /** Its leases are valid from its first beat on, and its children take their time. */
    @Test
    void nodeWhoseSlotsAreNotThereYet_wantsNothing() {
        var away = new Away();
        var wantedAtStart = new ArrayList<Long>();
        var server = new Server("127.0.0.1", 0)
                .set(settings -> settings.taskWorkerNum(2).taskQueue((_, listener) -> {
                    listener.alive(0, Duration.ofMinutes(1).toNanos());
                    return away;
                }))
                .onReceive((_, _) -> {})
                .onTask((_, _) -> {})
                .onWorkerStart(_ -> wantedAtStart.add(away.wanted));
        var engine = ManualEngine.of(server);
        engine.runDue();
        assertThat(wantedAtStart).isNotEmpty().containsOnly(0L);
        assertThat(away.wanted).isEqualTo(2);
    }
}
