package dev.shunt.intake;

/**
 * How much one intake takes.
 *
 * @param maxTasks that wait in memory; as many more may wait for room
 * @param spills whether the store keeps what there is no room for. Else it waits for room, if whoever submits it waits,
 *     or is refused
 */
public record IntakeLimits(int maxTasks, boolean spills) {

    public IntakeLimits {
        if (maxTasks < 1) {
            throw new IllegalArgumentException("a queue for " + maxTasks + " tasks takes none");
        }
    }
}
