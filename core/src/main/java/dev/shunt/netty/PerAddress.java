package dev.shunt.netty;

import io.netty.channel.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many connections of one listener each address has. Any thread. */
final class PerAddress {

    private final int max;
    private final Map<String, Integer> open = new ConcurrentHashMap<>();

    PerAddress(int max) {
        this.max = max;
    }

    int max() {
        return max;
    }

    /** Counts it until it is closed; false if the address has as many as it may have. */
    boolean admits(String address, Channel accepted) {
        if (max == Integer.MAX_VALUE) {
            return true;
        }
        if (open.merge(address, 1, Integer::sum) > max) {
            leave(address);
            return false;
        }
        accepted.closeFuture().addListener(_ -> leave(address));
        return true;
    }

    private void leave(String address) {
        open.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }
}
