package dev.shunt.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which JVM options of the manager its children get as well: all but those that are about one process. */
final class InheritedOptions {

    /**
     * Options from these go to a child's command line, filtered: as variables each child would announce them on stderr.
     */
    static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

    private static final Pattern NOT_INHERITED = Pattern.compile(
            String.join(
                    "|",
                    // heap and collector, which a child chooses by itself; two collectors are an error
                    "-Xm[sxn].*",
                    "-XX:[+-]?\\w*(?<!Code|Native)Heap(?!Dump)\\w*(=.*)?",
                    "-XX:\\w*RAM\\w*=.*",
                    "-XX:(Max)?New(Size|Ratio)=.*",
                    "-XX:(Parallel|Conc)GCThreads=.*",
                    "-XX:[+-]AlwaysPreTouch\\w*",
                    "-XX:[+-]Use\\w+GC",
                    // a port, or a connection to a debugger or an IDE
                    "-Xdebug",
                    "-Xrunjdwp.*",
                    "-agentlib:jdwp.*",
                    "-agentpath:.*jdwp.*",
                    "-javaagent:.*\\bidea_rt\\.jar.*",
                    "-javaagent:[^=]*jmx_prometheus_javaagent.*",
                    "-Dcom\\.sun\\.management\\..*",
                    "-XX:[+-]ManagementServer",
                    // what a manager tells its own children
                    "-Dshunt\\.start=.*",
                    // and what it was told itself
                    "-Dshunt\\.detached=.*",
                    // a file that several processes would overwrite
                    "-Xlog:[^:]*:(?!stdout|stderr|:).+",
                    "-Xloggc:.*",
                    "-XX:LogFile=.*",
                    "-XX:[+-]LogVMOutput",
                    "-XX:StartFlightRecording.*",
                    "-XX:AOTCacheOutput=.*",
                    "-XX:AOTConfiguration=.*",
                    "-XX:AOTMode=(record|create)",
                    "-XX:ArchiveClassesAtExit=.*",
                    "-XX:[+-]AutoCreateSharedArchive",
                    "-XX:DumpLoadedClassList=.*",
                    "-Xshare:dump",
                    // words for the person who started the program
                    "-splash:.*",
                    "-XshowSettings.*",
                    "-showversion",
                    "--show-version",
                    "--show-module-resolution",
                    "--disable-@files"),
            Pattern.DOTALL);

    /** How OpenTelemetry's agent is told where its meters go, of which one opens a port. */
    private static final String EXPORTERS_OPTION = "-Dotel.metrics.exporter=";

    private static final String EXPORTERS_VARIABLE = "OTEL_METRICS_EXPORTER";
    private static final Pattern PROMETHEUS = Pattern.compile("\\s*prometheus[^,]*");

    private InheritedOptions() {}

    static List<String> of(List<String> options) {
        return options.stream()
                .filter(option -> !NOT_INHERITED.matcher(option).matches())
                .map(option -> option.startsWith(EXPORTERS_OPTION)
                        ? EXPORTERS_OPTION + withoutPort(option.substring(EXPORTERS_OPTION.length()))
                        : option)
                .toList();
    }

    /** The environment of a child, of which {@link #VARIABLES} are on its command line. */
    static void tidy(Map<String, String> environment) {
        environment.keySet().removeAll(VARIABLES);
        environment.computeIfPresent(EXPORTERS_VARIABLE, (_, exporters) -> withoutPort(exporters));
    }

    /** A list without those that are a port of one process; none is said to be {@code none}, as the agent would choose else. */
    private static String withoutPort(String exporters) {
        String left = Arrays.stream(exporters.split(","))
                .filter(name -> !PROMETHEUS.matcher(name).matches())
                .collect(Collectors.joining(","));
        return left.isEmpty() && !exporters.isBlank() ? "none" : left;
    }

    /** What one of {@link #VARIABLES} holds: words between white space, quotes group. */
    static List<String> in(String variable, Map<String, String> environment) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(environment.getOrDefault(variable, ""));
        while (matcher.find()) {
            words.add(matcher.group().replaceAll("\"([^\"]*)\"|'([^']*)'", "$1$2"));
        }
        return words;
    }
}
