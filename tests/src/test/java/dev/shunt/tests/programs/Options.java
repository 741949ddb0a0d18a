package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.plan.Sockets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A program's arguments: {@code --name value} pairs. */
record Options(Map<String, String> values) {

    static Options of(String... args) {
        var values = new HashMap<String, String>();
        for (int i = 0; i < args.length; i += 2) {
            if (!args[i].startsWith("--") || i + 1 == args.length) {
                throw new IllegalArgumentException("'" + args[i] + "' is not --name with a value after it");
            }
            values.put(args[i].substring(2), args[i + 1]);
        }
        return new Options(values);
    }

    String text(String name, String byDefault) {
        return values.getOrDefault(name, byDefault);
    }

    int number(String name, int byDefault) {
        return Integer.parseInt(text(name, Integer.toString(byDefault)));
    }

    Optional<Path> path(String name) {
        return Optional.ofNullable(values.get(name)).map(Path::of);
    }

    boolean flag(String name) {
        return Boolean.parseBoolean(text(name, "false"));
    }

    /** Where sockets are, if handlers are in children. */
    Sockets sockets() {
        return Sockets.valueOf(text("sockets", Sockets.IN_MANAGER.name()).toUpperCase(Locale.ROOT));
    }

    Placement placement(String name, Placement byDefault) {
        return Placement.valueOf(text(name, byDefault.name()).toUpperCase(Locale.ROOT));
    }
}
