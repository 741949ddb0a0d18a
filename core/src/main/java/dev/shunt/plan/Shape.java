package dev.shunt.plan;

import dev.shunt.net.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan without its lambdas: one line per group and listener. Two processes of one program have equal shapes. */
public record Shape(List<String> lines) {

    public Shape {
        lines = List.copyOf(lines);
    }

    static Shape of(Plan plan) {
        var lines = new ArrayList<String>();
        for (var group : plan.groups()) {
            lines.add("group " + group.name() + ": " + (group.runsTasks() ? "tasks" : "connections") + ", "
                    + group.slots() + " slots, " + group.processes() + " processes, "
                    + group.placement().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + (group.virtual() ? ", virtual" : "")
                    + (group.jvmOptions().isEmpty() ? "" : ", JVM options " + group.jvmOptions()));
        }
        for (var listener : plan.listeners()) {
            lines.add("listener " + listener.endpoint() + ": "
                    + listener.protocol().getClass().getSimpleName() + " for group " + listener.group()
                    + (listener.limits().equals(Limits.DEFAULT) ? "" : ", " + listener.limits()));
        }
        return new Shape(lines);
    }

    /** As text, a line each; what a child presents to its manager. */
    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
