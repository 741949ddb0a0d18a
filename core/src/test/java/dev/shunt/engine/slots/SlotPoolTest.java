package dev.shunt.engine.slots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.engine.NoEngine;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Slot;
import dev.shunt.plan.SlotHandler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotPoolTest {

    private static final long PATIENCE_SECONDS = 60;

    private final AtomicInteger flushes = new AtomicInteger();
    private final List<SlotPool> pools = new ArrayList<>();

    private final Semaphore wokenUp = new Semaphore(0);
    private volatile Predicate<BooleanSupplier> reader = _ -> false;

    private final SlotContact contact = new SlotContact() {
        @Override
        public void flush() {
            flushes.incrementAndGet();
        }

        @Override
        public void flushSoon() {}

        @Override
        public void recall() {}

        @Override
        public boolean read(BooleanSupplier nothingElse) {
            return reader.test(nothingElse);
        }

        @Override
        public void wakeUp() {
            wokenUp.release();
        }
    };

    private record Lease(long lease, Runnable action, Runnable back) implements Slots.Leased {

        Lease(long lease, Runnable action) {
            this(lease, action, () -> {});
        }

        @Override
        public void givenBack() {
            back.run();
        }

        @Override
        public int slot() {
            return ANY_SLOT;
        }

        @Override
        public void run(int index, Interruption interruption) {
            interruption.begin(lease);
            action.run();
            interruption.end();
        }
    }

    private SlotPool pool(int slots, boolean virtual, SlotHandler onStart) {
        var group = new Group(
                "test",
                Placement.IN_PROCESS,
                slots,
                0,
                virtual,
                List.of(),
                Optional.empty(),
                onStart,
                SlotHandler.NONE);
        var numbered =
                IntStream.range(0, slots).mapToObj(i -> new Slot("test", i, i)).toList();
        var pool = new SlotPool(group, numbered, contact);
        pools.add(pool);
        return pool;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        pools.forEach(pool ->
                pool.stop().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asManyRunAtOnce_asThereAreSlots(boolean virtual) {
        var pool = pool(5, virtual, SlotHandler.NONE);
        pool.start(NoEngine.create()).join();
        var together = new CountDownLatch(5);
        var ended = new CountDownLatch(5);
        for (int i = 0; i < 5; i++) {
            pool.add(new Lease(i, () -> {
                together.countDown();
                await(together);
                ended.countDown();
            }));
        }
        await(ended);
    }

    @Test
    void slotThatIsAboutToRead_doesNotMissWhatAnotherThreadAdds() {
        var pool = pool(1, false, SlotHandler.NONE);
        var ran = new CountDownLatch(100);
        reader = nothingElse -> {
            if (ran.getCount() > 0) {
                CompletableFuture.runAsync(() -> pool.add(new Lease(ran.getCount(), ran::countDown)))
                        .join();
                wokenUp.drainPermits(); // taken by another slot that waited until now
            }
            if (nothingElse.getAsBoolean()) {
                wokenUp.acquireUninterruptibly();
            }
            return true;
        };
        pool.start(NoEngine.create()).join();
        await(ran);
    }

    @Test
    void slotThatIsAboutToRead_doesNotMissItsInbox_norTheStop() {
        var pool = pool(1, false, SlotHandler.NONE);
        var ran = new CountDownLatch(100);
        reader = nothingElse -> {
            CompletableFuture.runAsync(() -> {
                        if (ran.getCount() > 0) {
                            pool.slot(0).execute(ran::countDown);
                        } else {
                            var _ = pool.stop();
                        }
                    })
                    .join();
            wokenUp.drainPermits();
            if (nothingElse.getAsBoolean()) {
                wokenUp.acquireUninterruptibly();
            }
            return true;
        };
        pool.start(NoEngine.create()).join();
        await(ran);
        pool.stop().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Test
    void slotThatReads_takesTheFirstLeaseItself_andOthersTheRest() {
        var pool = pool(3, false, SlotHandler.NONE);
        var ran = new CountDownLatch(3);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Runnable together = () -> {
            threads.add(Thread.currentThread());
            ran.countDown();
            await(ran);
        };
        var read = new Semaphore(0);
        var turn = new AtomicInteger();
        var readerThread = new CompletableFuture<Thread>();
        reader = _ -> {
            if (turn.getAndIncrement() > 0) {
                return false;
            }
            read.acquireUninterruptibly();
            readerThread.complete(Thread.currentThread());
            pool.addAll(List.of(new Lease(1, together)), true);
            pool.addAll(List.of(new Lease(2, together), new Lease(3, together)), true);
            return true;
        };
        pool.start(NoEngine.create()).join();
        read.release();
        await(ran);
        assertThat(threads).hasSize(3).contains(readerThread.join());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takenBack_orRun_neverBoth_neverNeither(boolean virtual) {
        var pool = pool(3, virtual, SlotHandler.NONE);
        pool.start(NoEngine.create()).join();
        Set<Long> run = ConcurrentHashMap.newKeySet();
        Set<Long> back = new HashSet<>();
        Set<Long> heardSo = new HashSet<>();
        int total = 20_000;
        var settled = new CountDownLatch(total);
        for (long lease = 0; lease < total; lease++) {
            long number = lease;
            Runnable action = () -> {
                assertThat(run.add(number)).isTrue();
                settled.countDown();
            };
            pool.add(new Lease(number, action, () -> heardSo.add(number)));
            if (lease % 7 == 0) {
                for (long taken : pool.takeBack(2)) {
                    assertThat(back.add(taken)).isTrue();
                    settled.countDown();
                }
            }
        }
        await(settled);
        assertThat(run).doesNotContainAnyElementsOf(back);
        assertThat(run.size() + back.size()).isEqualTo(total);
        assertThat(heardSo).isEqualTo(back);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inbox_runsOnItsOwnSlot_inOrder(boolean virtual) {
        var pool = pool(2, virtual, SlotHandler.NONE);
        pool.start(NoEngine.create()).join();
        var seen = new ArrayList<String>();
        var threads = new HashSet<Thread>();
        var done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            String name = String.valueOf(i);
            pool.slot(1).execute(() -> {
                seen.add(name);
                threads.add(Thread.currentThread());
                done.countDown();
            });
        }
        await(done);
        assertThat(threads).hasSize(1);
        assertThat(seen)
                .isEqualTo(IntStream.range(0, 100).mapToObj(String::valueOf).toList());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inboxAndLeases_takeTurns_whileBothWait(boolean virtual) {
        var pool = pool(1, virtual, SlotHandler.NONE);
        pool.start(NoEngine.create()).join();
        var seen = new StringBuilder();
        var ready = new CountDownLatch(1);
        var done = new CountDownLatch(8);
        pool.slot(0).execute(() -> await(ready));
        for (int i = 0; i < 4; i++) {
            pool.slot(0).execute(() -> {
                seen.append('c');
                done.countDown();
            });
            pool.add(new Lease(i, () -> {
                seen.append('l');
                done.countDown();
            }));
        }
        ready.countDown();
        await(done);
        assertThat(seen).hasToString("lclclclc");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void throwingCallback_doesNotEndItsSlot(boolean virtual) {
        var pool = pool(1, virtual, SlotHandler.NONE);
        pool.start(NoEngine.create()).join();
        var alive = new CountDownLatch(1);
        pool.slot(0).execute(() -> {
            throw new AssertionError("on purpose");
        });
        pool.slot(0).execute(alive::countDown);
        await(alive);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failingStartCallback_failsTheStart(boolean virtual) {
        var pool = pool(2, virtual, slot -> {
            if (slot.index() == 1) {
                throw new IllegalStateException("no database");
            }
        });
        assertThatThrownBy(() -> pool.start(NoEngine.create()).join()).hasRootCauseMessage("no database");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void output_isFlushed_beforeASlotParks(boolean virtual) {
        var pool = pool(1, virtual, SlotHandler.NONE);
        pool.start(NoEngine.create()).join();
        int before = flushes.get();
        pool.add(new Lease(1, () -> {}));
        Awaitility.await().until(() -> flushes.get() > before);
    }
}
