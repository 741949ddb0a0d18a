package dev.shunt.remote;

import dev.shunt.remote.ControlException.Kind;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Waits until groups that take no more have nothing left. For one use. */
public final class Emptying {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final ControlClient client;
    private final List<String> groups;
    private final Consumer<String> say;
    private final Clock clock = Clock.system();

    /** @param say is given lines for people */
    public Emptying(ControlClient client, List<String> groups, Consumer<String> say) {
        this.client = client;
        this.groups = groups;
        this.say = say;
    }

    /**
     * Returns when nothing is left.
     *
     * @throws ControlException if something is, after that time
     */
    public void await(Optional<Duration> timeout) throws ControlException {
        long began = clock.nanoTime();
        String before = "";
        for (String left = left(); !left.isEmpty(); left = left()) {
            if (timeout.isPresent() && clock.nanoTime() - began > timeout.get().toNanos()) {
                throw new ControlException(
                        Kind.TIMED_OUT,
                        "not empty within " + timeout.get().toMillis() + " ms, still draining: " + left);
            }
            if (!left.equals(before)) {
                say.accept(left);
                before = left;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** "" if nothing is. */
    private String left() throws ControlException {
        return client.get("/groups").orFail().json().list("groups").stream()
                .filter(group -> groups.contains(group.text("name")) && left(group) > 0)
                .map(group -> group.text("name") + ": " + group.number("queued") + " queued, " + group.number("delayed")
                        + " delayed, " + group.number("busy") + " running")
                .collect(Collectors.joining("; "));
    }

    private static long left(Json group) {
        return group.number("queued") + group.number("delayed") + group.number("busy");
    }
}
