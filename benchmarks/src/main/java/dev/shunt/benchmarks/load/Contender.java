package dev.shunt.benchmarks.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Who is measured: how to start its server for one case. */
sealed interface Contender {

    /** Shunt is compared with all others, and these are the only names with a meaning of their own. */
    String SHUNT = "shunt";

    String NETTY = "netty";

    /** Shunt as something watches it. They take part if they are asked for, and are compared with Shunt as it is. */
    String SHUNT_METRICS = "shunt-metrics";

    String SHUNT_UNSAMPLED = "shunt-unsampled";

    String name();

    /** Whether this is Shunt with something that watches it. */
    default boolean isObserved() {
        return isObserved(name());
    }

    static boolean isObserved(String name) {
        return name.equals(SHUNT_METRICS) || name.equals(SHUNT_UNSAMPLED);
    }

    /**
     * Programs of this module, started one after the other; clients talk to the last. The first argument of each is its
     * port. With {@code aotCache} they are started as {@link AotCaches} says.
     *
     * @param classPath this program's, or that of another build of this module
     */
    record Ours(String name, List<Part> parts, boolean aotCache, String classPath) implements Contender {

        /** Of this build. */
        Ours(String name, List<Part> parts, boolean aotCache) {
            this(name, parts, aotCache, Processes.CLASS_PATH);
        }

        /** The same of another build. */
        Ours inBuild(String otherName, String otherClassPath) {
            return new Ours(otherName, parts, aotCache, otherClassPath);
        }

        static Ours of(String name, Class<?> main, Object... arguments) {
            return new Ours(name, List.of(Part.of(main, arguments)), false);
        }

        /** A server behind a front; {@link Part#PORT_BEFORE} among the front's arguments is the server's port. */
        static Ours of(String name, Part server, Part front) {
            return new Ours(name, List.of(server, front), false);
        }
    }

    /** A main class and its arguments but the port. */
    record Part(Class<?> main, List<String> arguments) {

        /** Replaced by the port of the part before. */
        static final String PORT_BEFORE = "{port before}";

        /** Replaced by an empty directory on a disk, which is removed in the end. */
        static final String DIRECTORY = "{directory}";

        static Part of(Class<?> main, Object... arguments) {
            return new Part(main, Arrays.stream(arguments).map(String::valueOf).toList());
        }

        boolean needsDirectory() {
            return arguments.contains(DIRECTORY);
        }

        List<String> command(String classPath, List<String> jvmOptions, int port, int portBefore, Path directory) {
            var all = new ArrayList<String>();
            all.add(Integer.toString(port));
            arguments.forEach(argument -> all.add(argument.replace(PORT_BEFORE, Integer.toString(portBefore))
                    .replace(DIRECTORY, directory.toString())));
            return Processes.java(classPath, jvmOptions, main, all);
        }
    }

    /** Somebody else's server: a command for the shell. */
    record Theirs(String name, String command) implements Contender {

        /** Replaced in the command by a free port. Without it the program must print where it listens. */
        static final String PORT = "{port}";

        /** Replaced in the command by the scenario's name. */
        static final String SCENARIO = "{scenario}";

        /** Reads {@code NAME=COMMAND}. */
        static Theirs parse(String text) {
            int sign = text.indexOf('=');
            String name = sign < 0 ? "" : text.substring(0, sign).strip();
            String command = text.substring(sign + 1).strip();
            if (!name.matches("[\\w.-]+") || command.isEmpty()) {
                throw new IllegalArgumentException("'" + text + "' is no NAME=COMMAND; write for example"
                        + " --against 'other=./other-server --port {port}'");
            }
            return new Theirs(name, command);
        }
    }
}
