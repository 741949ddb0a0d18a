package dev.shunt.tests.programs;

import dev.shunt.fatal.FatalErrors;

/** Fills its heap until there is no room for one small object, which nothing frees, and then a thread dies of it. */
public final class Brimful {

    private static final Object[] KEPT = new Object[3_000_000];
    private static final int LEAST = 16;

    private Brimful() {}

    static void main() throws InterruptedException {
        var fatal = new FatalErrors();
        var dying = Thread.ofPlatform()
                .name("dying")
                .uncaughtExceptionHandler(fatal)
                .start(Brimful::fill);
        dying.join();
    }

    private static void fill() {
        int count = 0;
        for (int size = 1 << 20; true; size = Math.max(LEAST, size / 2)) {
            try {
                while (true) {
                    Object next = new byte[size];
                    KEPT[count++] = next;
                }
            } catch (OutOfMemoryError e) {
                if (size == LEAST) {
                    throw e;
                }
            }
        }
    }
}
