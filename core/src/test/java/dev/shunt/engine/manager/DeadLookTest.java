package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.control.DeadFilter;
import dev.shunt.control.DeadPage;
import dev.shunt.control.Paging;
import dev.shunt.data.Data;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskLog.Entry;
import dev.shunt.task.TaskOptions;
import dev.shunt.timer.Loop;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A list of twenty thousand dead letters reads those that it shows, however it is filtered. */
class DeadLookTest {

    private static final int MANY = 20_000;

    /** Does at once what it is given, or later if it is held. */
    private static final class SameThread implements Loop {

        private final List<Runnable> later = new ArrayList<>();
        private boolean held;

        private void release() {
            held = false;
            later.forEach(Runnable::run);
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public long turn() {
            return 0;
        }

        @Override
        public void atEndOfTurn(Runnable command) {
            command.run();
        }

        @Override
        public void execute(Runnable command) {
            if (held) {
                later.add(command);
            } else {
                command.run();
            }
        }

        @Override
        public Future<?> schedule(Runnable command, Duration delay) {
            return new CompletableFuture<>();
        }
    }

    private final MemoryTaskLog kept = new MemoryTaskLog(2 * MANY, Long.MAX_VALUE);
    private int read;

    /** As one on a disk. */
    private final TaskLog log = (TaskLog) Proxy.newProxyInstance(
            TaskLog.class.getClassLoader(), new Class<?>[] {TaskLog.class}, (_, method, arguments) -> {
                if (method.getName().equals("outlivesProcess")) {
                    return true;
                }
                Object answer = method.invoke(kept, arguments);
                read += answer instanceof List<?> letters ? letters.size() : 0;
                read += answer instanceof Optional<?> letter && letter.isPresent() ? 1 : 0;
                return answer;
            });

    private final SameThread loop = new SameThread();
    private final Journal journal = new Journal(log, Runnable::run, loop, new SteppedClock(Instant.EPOCH), () -> {});
    private final Shown shown = new Shown((_, _) -> false);
    private final DeadLook look = new DeadLook(new OwnDead(journal, shown), Optional.empty(), shown);

    private static DeadTask letter(long id) {
        var task = new StoredTask(
                id, id % 2 == 0 ? "mail" : "", Data.of("to user" + id), TaskOptions.DEFAULT, 0, id, 1, id);
        String reason = "java.io.IOException: disk " + id % 7 + "\n\tat java.base/java.io.Reader.read(Reader.java:1)"
                + "\n\tat example.Mailer.send(Mailer.java:4" + id % 3 + ")";
        return new DeadTask(task, "FAILED", reason, id);
    }

    @BeforeEach
    void keep() {
        for (long id = 1; id <= MANY; id++) {
            kept.append(
                    new Entry.Died(letter(id)),
                    Durability.DISK,
                    problem -> assertThat(problem).isNull());
        }
        look.begin();
        assertThat(read).isEqualTo(MANY);
        read = 0;
    }

    private static DeadFilter filter(String... fields) {
        var all = Arrays.stream(fields)
                .map(field -> field.isEmpty() ? Optional.<String>empty() : Optional.of(field))
                .toList();
        return new DeadFilter(Set.of(), all.get(0), all.get(1), all.get(2), Optional.empty());
    }

    private DeadPage page(DeadFilter filter, int page) {
        read = 0;
        var letters = look.list(filter, new Paging(page, 100));
        assertThat(read).as("letters read for one page").isLessThanOrEqualTo(400);
        return letters;
    }

    @Test
    void eachPage_readsWhatItShows_notAll() {
        var last = page(DeadFilter.ALL, MANY / 100);
        assertThat(last.dead()).hasSize(100).last().returns((long) MANY, DeadPage.Letter::id);
        assertThat(last).returns((long) MANY, DeadPage::total).returns((long) MANY, DeadPage::of);
        assertThat(last.groups())
                .hasSize(6)
                .extracting(DeadPage.Group::at)
                .contains("example.Mailer.send(Mailer.java:41)");
        assertThat(last.groups().stream().mapToLong(DeadPage.Group::count).sum())
                .isEqualTo(MANY);

        assertThat(page(DeadFilter.ALL, MANY / 100 + 1).dead()).isEmpty();
        assertThat(page(filter("mail", "", ""), 100)).returns(MANY / 2L, DeadPage::total);
        assertThat(page(filter("untyped", "disk 3", ""), 2).dead()).hasSize(100).allSatisfy(letter -> {
            assertThat(letter.error()).isEqualTo("java.io.IOException: disk 3");
            assertThat(letter.type()).isEqualTo("untyped");
        });
        assertThat(page(filter("", "Mailer.java:40", ""), 1).total()).isEqualTo(MANY / 3);
        assertThat(page(filter("", "disk 3\n\tat", ""), 1).total())
                .as("over two lines")
                .isEqualTo(page(filter("", "disk 3", ""), 1).total());
        assertThat(page(filter("", "", "user17777"), 1).dead())
                .singleElement()
                .satisfies(letter -> assertThat(letter.payload()).isEqualTo("to user17777"));
        assertThat(page(filter("", "", "user9"), 3).dead())
                .as("far from each other")
                .hasSize(100);
        assertThat(page(DeadFilter.ofIds(Set.of(5L, 19_999L, 1_000_000L)), 1).dead())
                .hasSize(2);
    }

    @Test
    void groupIsChosen_exactly_andWithOtherFilters() {
        var groups = page(DeadFilter.ALL, 1).groups();
        for (var group : groups) {
            var whole = new DeadFilter(
                    Set.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(group.cause()));
            var chosen = page(whole, 1);
            assertThat(chosen.groups()).containsExactly(group);
            assertThat(look.ids(whole)).hasSize((int) group.count());
            var some = new DeadFilter(
                    Set.of(), whole.type(), Optional.of("disk 3"), whole.text(), whole.since(), whole.cause());
            assertThat(page(some, 1).total()).isBetween(1L, group.count() - 1);
        }
        assertThat(groups).extracting(DeadPage.Group::cause).doesNotHaveDuplicates();
    }

    @Test
    void whatTheLogIsTold_isKnownAtOnce() {
        tell(new Entry.Discarded(1));
        tell(new Entry.Revived(2, 0));
        tell(new Entry.Died(letter(MANY + 1)));
        tell(new Entry.Discarded(MANY + 2));

        assertThat(page(DeadFilter.ALL, 1).dead().getFirst().id()).isEqualTo(3);
        assertThat(page(DeadFilter.ALL, 1).of()).isEqualTo(MANY - 1);
        assertThat(look.ids(DeadFilter.ALL)).hasSize(MANY - 1).contains(MANY + 1L);

        tell(new Entry.Died(letter(2)));
        assertThat(look.ids(DeadFilter.ALL)).hasSize(MANY).startsWith(2L, 3L);
    }

    @Test
    void whoeverIsToldThatALetterIsGone_doesNotFindIt() {
        var there = new ArrayList<Long>();
        loop.held = true;
        journal.append(new Entry.Discarded(1), Durability.DISK)
                .then(_ -> there.addAll(look.ids(DeadFilter.ofIds(Set.of(1L, 2L)))), problem -> {});
        loop.release();

        assertThat(there).containsExactly(2L);
    }

    private void tell(Entry entry) {
        journal.append(entry, Durability.DISK);
    }

    @Test
    void longPayload_isReadToBeLookedThrough() {
        var task = new StoredTask(7, "mail", Data.of("x".repeat(3000) + "needle"), TaskOptions.DEFAULT, 0, 7, 1, 7);
        tell(new Entry.Died(new DeadTask(task, "LOST", "its process is gone", 7)));

        assertThat(look.list(filter("", "", "needle"), Paging.FIRST).dead())
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.id()).isEqualTo(7);
                    assertThat(letter.cut()).isTrue();
                });
    }
}
