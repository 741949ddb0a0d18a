package dev.shunt.engine.manager;

import java.util.function.Consumer;

/** Says when a queue is nearly full, in number or in bytes, and then when it no longer is: once each. Lives on the main loop. */
final class Watermark {

    private final int high;
    private final int low;
    private final long highBytes;
    private final long lowBytes;
    private final Consumer<Boolean> full;
    private boolean isFull;

    /** @param full told true at four fifths of the limit, and false below half of it afterwards */
    Watermark(int limit, long maxBytes, Consumer<Boolean> full) {
        this.high = Math.max(1, (int) (limit * 4L / 5));
        this.low = (limit - 1) / 2;
        this.highBytes = maxBytes / 5 * 4;
        this.lowBytes = maxBytes / 2;
        this.full = full;
    }

    void now(int queued, long bytes) {
        if (isFull ? queued <= low && bytes <= lowBytes : queued >= high || (bytes >= highBytes && queued > 0)) {
            isFull = !isFull;
            full.accept(isFull);
        }
    }
}
