package dev.shunt.tests.programs;

import java.time.Duration;
import java.util.ArrayList;

/** What no handler should do, and some do. */
final class Misdeeds {

    private Misdeeds() {}

    static void exhaustMemory() {
        var kept = new ArrayList<byte[]>();
        while (kept.size() < Integer.MAX_VALUE) {
            kept.add(new byte[16 << 20]);
        }
    }

    /** Keeps a core busy, as work does. */
    static void spin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    static void loopForever() {
        while (true) {
            Thread.onSpinWait();
        }
    }
}
