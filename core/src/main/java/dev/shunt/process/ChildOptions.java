package dev.shunt.process;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The JVM options of a child: defaults, and what its group asks for. */
public final class ChildOptions {

    /** In effect unless the group's own options say otherwise. */
    public static final List<String> DEFAULTS = List.of(
            "-XX:+UseSerialGC",
            "-Xms8m",
            "-Xmx512m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED");

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");
    private static final Pattern MAX_HEAP = Pattern.compile("-Xmx.*|-XX:MaxHeapSize=.*|-XX:MaxRAM\\w*=.*");

    private ChildOptions() {}

    /** The defaults that the group's options do not replace, then the group's options. */
    public static List<String> with(List<String> groupOptions) {
        var options = new ArrayList<>(DEFAULTS);
        replaceIfAny(COLLECTOR, groupOptions, options);
        replaceIfAny(MAX_HEAP, groupOptions, options);
        options.addAll(groupOptions);
        return List.copyOf(options);
    }

    private static void replaceIfAny(Pattern kind, List<String> groupOptions, List<String> options) {
        if (groupOptions.stream().anyMatch(kind.asMatchPredicate())) {
            options.removeIf(kind.asMatchPredicate());
        }
    }
}
