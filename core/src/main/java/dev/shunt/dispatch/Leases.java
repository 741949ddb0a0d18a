package dev.shunt.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one child has been given and not yet settled. A lease is a number that is never used twice for one child and
 * whose remainder by {@link #MAX} no other open lease of that child has: so the slot table can hold, in a ring of that
 * size, which ones have started.
 */
final class Leases<P> {

    /** Most leases open at once; the size of the slot table's ring. A power of two. */
    static final int MAX = 4096;

    private final List<@Nullable Work<P>> open = new ArrayList<>();
    private final long[] numbers = new long[MAX];
    private final int[] free = new int[MAX];
    private int freeCount;
    private int size;

    int size() {
        return size;
    }

    boolean isFull() {
        return size == MAX;
    }

    long add(Work<P> work) {
        int index;
        size++;
        if (freeCount > 0) {
            index = free[--freeCount];
            open.set(index, work);
        } else {
            index = open.size();
            open.add(work);
        }
        long number = numbers[index] == 0 ? MAX + index : numbers[index] + MAX;
        numbers[index] = number;
        return number;
    }

    /** Null if it is not open. */
    @Nullable Work<P> get(long lease) {
        int index = index(lease);
        return lease < 0 || index >= open.size() || numbers[index] != lease ? null : open.get(index);
    }

    /** Closes a lease and returns its work; null if it is not open. */
    @Nullable Work<P> remove(long lease) {
        Work<P> work = get(lease);
        if (work != null) {
            int index = index(lease);
            open.set(index, null);
            free[freeCount++] = index;
            size--;
        }
        return work;
    }

    private static int index(long lease) {
        return (int) (lease & (MAX - 1));
    }

    record Open<P>(long lease, Work<P> work) {}

    /** All open leases in the order in which they were given. */
    List<Open<P>> inOrder() {
        var all = new ArrayList<Open<P>>();
        for (int index = 0; index < open.size(); index++) {
            Work<P> work = open.get(index);
            if (work != null) {
                all.add(new Open<>(numbers[index], work));
            }
        }
        all.sort(Comparator.comparingLong(o -> o.work().order()));
        return all;
    }
}
