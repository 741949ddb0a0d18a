package dev.shunt.engine.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** How much memory this process has, without what it shares with others. */
final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");

    /** VmRSS without RssShmem. Source: proc_pid_status(5), since Linux 4.5. */
    private static final Pattern OWN = Pattern.compile("(RssAnon|RssFile):.*");

    private ResidentMemory() {}

    /** As the system sees it; where that does not tell, what the heap has. */
    static long bytes() {
        try (var lines = Files.lines(STATUS)) {
            long bytes = lines.filter(line -> OWN.matcher(line).matches())
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
            return bytes > 0 ? bytes : heapBytes();
        } catch (IOException | NumberFormatException e) {
            return heapBytes();
        }
    }

    private static long heapBytes() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
