package dev.shunt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskIdsTest {

    private static final long IDS = 1L << TaskIds.BITS;

    private final ArrayDeque<Long> numbers = new ArrayDeque<>();
    private final AtomicInteger halves = new AtomicInteger();

    private TaskIds from(long number) {
        return new TaskIds(number, this::number, halves::incrementAndGet);
    }

    private synchronized long number() throws IOException {
        if (numbers.isEmpty()) {
            throw new IOException("the log is slow");
        }
        return numbers.remove();
    }

    @Test
    void idsOfANumber_areThoseOfNoOther_andGoOnWithTheNextNumber() {
        var ids = from(0);
        assertThat(ids.next()).isZero();
        for (long id = 1; id < IDS - 1; id++) {
            if (ids.next() != id) {
                throw new AssertionError("not " + id);
            }
        }
        assertThat(halves).hasValue(1);
        assertThatThrownBy(ids::next).isInstanceOf(IllegalStateException.class).hasMessageContaining("the log is slow");
        numbers.add(7L);
        assertThat(ids.next()).isEqualTo(IDS - 1);
        assertThat(ids.next()).isEqualTo(7 * IDS);
    }

    @Test
    void ids_areExactInJavaScript_forHundredsOfMillionsOfNumbers() {
        long id = from(500_000_000).next();
        assertThat(id).isLessThan(1L << 53);
        assertThat((long) (double) (id + IDS - 1)).isEqualTo(id + IDS - 1);
    }

    @Test
    void manyThreads_getNoIdTwice_alsoWhereANumberEnds() {
        var ids = from(3);
        for (long i = 0; i < IDS - 10_000; i++) {
            ids.next();
        }
        numbers.addAll(List.of(9L));
        var given = ConcurrentHashMap.<Long>newKeySet();
        var all = new CyclicBarrier(4);
        var threads = IntStream.range(0, 4)
                .mapToObj(_ -> CompletableFuture.runAsync(
                        () -> {
                            await(all);
                            for (int i = 0; i < 5_000; i++) {
                                given.add(ids.next());
                            }
                        },
                        run -> Thread.ofPlatform().daemon().start(run))) // the common pool may have a single thread
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(threads).join();

        assertThat(given).hasSize(20_000).contains(4 * IDS - 1, 9 * IDS, 9 * IDS + 9_999);
    }

    private static void await(CyclicBarrier all) {
        try {
            all.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }
}
