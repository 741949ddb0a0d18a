package dev.shunt.remote;

import dev.shunt.remote.ControlException.Kind;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Has a program replace its children, and says of each place when it is done. For one use. */
public final class Renewal {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final RunningProgram program;
    private final Duration timeout;
    private final Consumer<String> say;
    private final Clock clock = Clock.system();
    private final List<Map<String, Object>> replaced = new ArrayList<>();

    private record Place(String group, long index, long pid) {

        static Place of(Json place) {
            return new Place(place.text("group"), place.number("place"), place.number("pid"));
        }

        boolean isServedAnew(Json child) {
            return child.text("group").equals(group)
                    && child.number("place") == index
                    && child.number("pid") != pid
                    && child.text("state").equals("ready");
        }

        boolean isServedAsBefore(Json child) {
            return child.text("group").equals(group) && child.number("place") == index && child.number("pid") == pid;
        }

        @Override
        public String toString() {
            return group + " " + index;
        }
    }

    /** @param say is given lines for people */
    public Renewal(RunningProgram program, Duration timeout, Consumer<String> say) {
        this.program = program;
        this.timeout = timeout;
        this.say = say;
    }

    /**
     * Returns when each place has a child that was started since.
     *
     * @return {@code matched}, {@code done}, and {@code places} with the pid now and the one that was replaced
     * @throws ControlException if it cannot be done now, or has not been done in time; says which places are as they were
     */
    public Map<String, Object> reload(boolean tasksOnly) throws ControlException {
        var asked = program.client()
                .post("/reload", tasksOnly ? Map.of("tasks_only", true) : Map.of())
                .orFail()
                .json();
        var waiting =
                new ArrayList<>(asked.list("places").stream().map(Place::of).toList());
        say.accept("reload of " + program.name() + " (pid " + program.pid() + "): " + waiting.size()
                + (waiting.size() == 1 ? " child is" : " children are") + " replaced, one after the other");
        long began = clock.nanoTime();
        while (!waiting.isEmpty()) {
            var children = program.client().get("/children").orFail().json().list("children");
            waiting.removeIf(place -> isDone(place, children));
            if (clock.nanoTime() - began > timeout.toNanos() && !waiting.isEmpty()) {
                throw late(waiting);
            }
            if (!waiting.isEmpty()) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
        return Map.of("matched", asked.number("matched"), "done", replaced.size(), "places", replaced);
    }

    private boolean isDone(Place place, List<Json> children) {
        var fresh = children.stream().filter(place::isServedAnew).findFirst();
        boolean old = children.stream().anyMatch(place::isServedAsBefore);
        if (fresh.isEmpty()) {
            return false;
        }
        replaced.add(Map.of(
                "group",
                place.group(),
                "place",
                place.index(),
                "pid",
                fresh.get().number("pid"),
                "replaced_pid",
                place.pid()));
        say.accept(place + ": pid " + place.pid() + " -> " + fresh.get().number("pid")
                + (old ? ", the old one finishes what it runs" : ""));
        return true;
    }

    private ControlException late(List<Place> waiting) {
        return new ControlException(
                Kind.TIMED_OUT,
                "not replaced within " + timeout.toMillis() + " ms: "
                        + waiting.stream().map(Place::toString).toList() + "; " + program.name()
                        + "'s log says why, and whether it goes on with it");
    }
}
