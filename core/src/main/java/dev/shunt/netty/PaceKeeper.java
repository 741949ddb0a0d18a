package dev.shunt.netty;

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

    private final NettyLoop loop;
    private List<SocketLifecycle> watched = new ArrayList<>();
    private long ticks;
    private boolean ticking;

    PaceKeeper(NettyLoop loop) {
        this.loop = loop;
    }

    long now() {
        return ticks;
    }

    Duration since(long tick) {
        return TICK.multipliedBy(ticks - tick);
    }

    void watch(SocketLifecycle socket) {
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
