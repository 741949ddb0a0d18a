package dev.shunt.intake;

/**
 * How much one intake takes. Half as many bytes again may wait for room, or be on their way to the store for want of it.
 *
 * @param maxTasks that want a slot and wait in memory; as many more may wait for room
 * @param maxBytes of all that is in memory, but what is not due; one task may have more
 * @param maxDelayed that wait in memory for their time or their turn, beside those
 * @param maxDelayedBytes of these; one may have more
 * @param spills whether the store keeps what there is no room for. Else it waits for room, if whoever submits it waits,
 *     or is refused
 */
public record IntakeLimits(int maxTasks, long maxBytes, int maxDelayed, long maxDelayedBytes, boolean spills) {

    /** What one that the store has alone takes here: far less than this. */
    private static final int SHELL_BYTES = 512;

    private static final int FEW = 1_000;

    public IntakeLimits {
        if (maxTasks < 1) {
            throw new IllegalArgumentException("a queue for " + maxTasks + " tasks takes none");
        }
        if (maxDelayed < 1) {
            throw new IllegalArgumentException("room for " + maxDelayed + " delayed tasks takes none");
        }
    }

    long maxOutsideBytes() {
        return maxBytes / 2;
    }

    /** How many the store may have alone. */
    long maxSpilled() {
        return Math.max(FEW, maxBytes / SHELL_BYTES);
    }
}
