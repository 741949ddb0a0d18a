package dev.shunt.examples;

import dev.shunt.plan.Placement;

/**
 * Where handlers run, as command lines name it: {@code event-loop}, {@code slots} or {@code
 * children}.
 */
public enum Where {
    event_loop(Placement.EVENT_LOOP),
    slots(Placement.IN_PROCESS),
    children(Placement.CHILDREN);

    public final Placement placement;

    Where(Placement placement) {
        this.placement = placement;
    }

    @Override
    public String toString() {
        return name().replace('_', '-');
    }
}
