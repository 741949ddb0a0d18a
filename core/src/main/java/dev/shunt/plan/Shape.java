package dev.shunt.plan;

import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.Http;
import dev.shunt.net.ApplicationProtocol.Packets;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.net.ListenOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A plan without its lambdas: one line per group, schedule and listener. Two processes of one program have equal
 * shapes.
 */
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
            group.tasks().stream()
                    .flatMap(tasks -> tasks.schedules().stream())
                    .forEach(schedule -> lines.add(
                            "schedule " + schedule.name() + ": " + schedule.timing() + " for group " + group.name()));
        }
        for (var listener : plan.listeners()) {
            lines.add("listener " + listener.endpoint() + ": " + name(listener.protocol()) + " for group "
                    + listener.group() + ", " + listener.limits()
                    + (listener.options().equals(ListenOptions.DEFAULT) ? "" : ", " + listener.options())
                    + (plan.hasSocketsInChildren(listener) ? ", sockets in children" : ""));
        }
        return new Shape(lines);
    }

    /** A lambda's class has another number in every process. */
    private static String name(ApplicationProtocol spoken) {
        String name = switch (spoken) {
            case Framing(var protocol) -> protocol.getClass().getSimpleName();
            case WebSocket _ -> "WebSocket";
            case Packets _ -> "datagrams";
            case Http _ -> "HTTP";
        };
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : name.substring(0, lambda) + " lambda";
    }

    /** As text, a line each; what a child presents to its manager. */
    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
