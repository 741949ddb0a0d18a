package dev.shunt.tests.programs;

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

    static void loopForever() {
        while (true) {
            Thread.onSpinWait();
        }
    }
}
