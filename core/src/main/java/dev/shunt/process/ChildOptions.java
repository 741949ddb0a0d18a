package dev.shunt.process;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The JVM options of a child: defaults, and what its group asks for. */
public final class ChildOptions {

    // Measured on JDK 25, 2 cores, 24 GB, trivial child, processor time to start, median of 40:
    //   no options, so G1   83 ms   a heap of 885 MB after 2 GB of short-lived objects, 1 MB of them alive at a time
    //   SerialGC            78 ms   126 MB; with -Xms8m 511 MB, because what survives a tiny young generation is
    // promoted
    //                               and the old one grows rather than be collected; with -Xms32m 30 MB. Idle: all the
    // same
    //   -UsePerfData        -2 ms   and no file in /tmp; jps does not list the child, jcmd with its pid works
    //   native access       +5 ms   and no warning from each child that loads a native library
    // -Xmx is ChildHeap's: the JVM's own choice is a quarter of the machine, for each child.

    /** In effect unless the group's own options say otherwise. */
    public static final List<String> DEFAULTS = List.of(
            "-XX:+UseSerialGC",
            "-Xms32m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED");

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");
    private static final Pattern MAX_HEAP = Pattern.compile("-Xmx.*|-XX:MaxHeapSize=.*|-XX:MaxRAM\\w*=.*");

    /** Less than the default start size, which the JVM would refuse to start with. */
    private static final Pattern SMALL_HEAP = Pattern.compile("-Xmx(\\d+[kK]?|[12]?\\d[mM]|3[01][mM])");

    private static final Pattern START_HEAP = Pattern.compile("-Xms.*");

    private ChildOptions() {}

    /**
     * The defaults that the group's options do not replace, then the group's options.
     *
     * @param maxHeap how many bytes the heap may have, unless they say so
     */
    static List<String> with(List<String> groupOptions, long maxHeap) {
        var options = new ArrayList<>(DEFAULTS);
        options.add("-Xmx" + maxHeap / ChildHeap.MEGABYTE + "m");
        replace(COLLECTOR, COLLECTOR, groupOptions, options);
        replace(MAX_HEAP, MAX_HEAP, groupOptions, options);
        replace(START_HEAP, SMALL_HEAP, groupOptions, options);
        options.addAll(groupOptions);
        return List.copyOf(options);
    }

    private static void replace(Pattern kind, Pattern by, List<String> groupOptions, List<String> options) {
        if (groupOptions.stream().anyMatch(by.asMatchPredicate())) {
            options.removeIf(kind.asMatchPredicate());
        }
    }
}
