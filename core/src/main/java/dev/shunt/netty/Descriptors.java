package dev.shunt.netty;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The file descriptors that connections may not take: what is left above this one is for children that must be replaced,
 * files of payloads and the program itself. The kernel gives the lowest that is free, so a connection's own number tells
 * how many are in use. With NIO nobody knows the number, and only the system's limit holds.
 *
 * @param last the highest that a connection may have
 * @param limit how many this process may have
 */
record Descriptors(int last, int limit) {

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String OPEN_FILES = "Max open files";
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int LEAST_RESERVE = 64;
    private static final int LARGEST_RESERVE = 1024;

    /** An eighth of them is kept, at least 64 and at most 1024; but never more than half. */
    static Descriptors of(int limit) {
        int reserve = Math.min(Math.clamp(limit / 8, LEAST_RESERVE, LARGEST_RESERVE), limit / 2);
        return new Descriptors(limit - reserve - 1, limit);
    }

    static Descriptors ofThisProcess() {
        try (var lines = Files.lines(LIMITS)) {
            return lines.filter(line -> line.startsWith(OPEN_FILES))
                    .map(line ->
                            BLANKS.split(line.substring(OPEN_FILES.length()).strip(), 2)[0])
                    .filter(soft -> !soft.equals("unlimited"))
                    .mapToInt(soft -> (int) Math.min(Integer.MAX_VALUE, Long.parseLong(soft)))
                    .mapToObj(Descriptors::of)
                    .findFirst()
                    .orElseGet(Descriptors::unlimited);
        } catch (IOException | RuntimeException e) { // no Linux, or one without /proc
            return unlimited();
        }
    }

    private static Descriptors unlimited() {
        return new Descriptors(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** Whether a channel, which may be closed then, has one that is kept for others. */
    boolean areFew(Channel channel) {
        return channel instanceof UnixChannel unix && unix.fd().intValue() > last;
    }
}
