package dev.shunt.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

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

    private InheritedOptions() {}

    static List<String> of(List<String> options) {
        return options.stream()
                .filter(option -> !NOT_INHERITED.matcher(option).matches())
                .toList();
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
