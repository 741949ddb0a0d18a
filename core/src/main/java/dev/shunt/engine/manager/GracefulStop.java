package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;

/**
 * A stop that waits: nothing new comes in, what is there goes on until it has ended by itself or the time is over; then the
 * program stops as it does otherwise. Lives on the main loop.
 */
final class GracefulStop {

    private static final Logger LOG = Log.of(GracefulStop.class);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final ManagerParts parts;
    private final Shutdown shutdown;
    private boolean begun;
    private OptionalLong untilNanos = OptionalLong.empty();

    GracefulStop(ManagerParts parts, Shutdown shutdown) {
        this.parts = parts;
        this.shutdown = shutdown;
    }

    boolean hasBegun() {
        return begun;
    }

    /** False if it has begun before, and goes on as it did. */
    boolean begin(OptionalLong atMostNanos) {
        long now = parts.ports().clock().nanoTime();
        untilNanos = atMostNanos.isPresent() ? OptionalLong.of(now + atMostNanos.getAsLong()) : untilNanos;
        if (begun) {
            return atMostNanos.isPresent();
        }
        begun = true;
        LOG.info("the program drains, and stops when that is done: {}", String.join("; ", waitsFor()));
        parts.schedules().stop();
        parts.listeners().stopAccepting();
        parts.anyTasks().all().forEach(tasks -> tasks.drain(true));
        look();
        return true;
    }

    private void look() {
        if (shutdown.hasBegun()) {
            return;
        }
        var waits = waitsFor();
        boolean late = untilNanos.isPresent() && parts.ports().clock().nanoTime() - untilNanos.getAsLong() >= 0;
        if (waits.isEmpty() || late) {
            if (late) {
                LOG.warn(
                        "the time to drain is over, and the program stops; there are still {}",
                        String.join("; ", waits));
            }
            shutdown.begin();
        } else {
            var _ = parts.ports().main().schedule(this::look, LOOK);
        }
    }

    /** A line for each thing. */
    List<String> waitsFor() {
        var lines = new ArrayList<String>();
        for (var tasks : parts.anyTasks().all()) {
            String group = tasks.group().name();
            int running = tasks.run().dispatcher().counts().running();
            add(lines, running, "running in group " + group);
            add(lines, tasks.intake().queued(), "queued in group " + group);
            add(lines, tasks.intake().aside(), "delayed or held in group " + group);
            add(lines, tasks.ending(), "ended in group " + group + ", and the log or whoever asked does not know yet");
        }
        add(lines, parts.connections().size(), parts.connections().size() == 1 ? "connection" : "connections");
        return lines;
    }

    private static void add(List<String> lines, long count, String what) {
        if (count > 0) {
            lines.add(count + " " + what);
        }
    }
}
