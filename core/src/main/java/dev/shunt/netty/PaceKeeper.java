package dev.shunt.netty;

import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks twice a second at the sockets of one loop whose peers have something to do. Counts its own turns as time, so that
 * no peer is blamed for a loop that was held up or a machine that was asleep. Rests while there is nobody to look at.
 * The loop's thread only.
 */
final class PaceKeeper {

    private static final Duration TICK = Duration.ofMillis(500);

    private final Loop loop;
    private List<Watched> watched = new ArrayList<>();
    private long ticks;
    private boolean ticking;

    PaceKeeper(Loop loop) {
        this.loop = loop;
    }

    /** What is looked at. */
    interface Watched {

        /** At each tick: whether it is to be looked at again. */
        boolean keepsPace();
    }

    long now() {
        return ticks;
    }

    Duration since(long tick) {
        return TICK.multipliedBy(ticks - tick);
    }

    void watch(Watched socket) {
        watched.add(socket);
        if (!ticking) {
            ticking = true;
            var _ = loop.schedule(this::tick, TICK);
        }
    }

    private void tick() {
        ticks++;
        ticking = false;
        var now = watched;
        watched = new ArrayList<>();
        for (var socket : now) {
            if (socket.keepsPace()) {
                watch(socket);
            }
        }
    }
}
