package dev.shunt.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How many datagrams the system has thrown away because nobody took them from their socket in time. Linux tells, in
 * {@code /proc/net/udp}: see proc(5).
 */
final class SystemDrops {

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
    private static final String MAPPED = "0000000000000000FFFF0000";
    private static final int WORD = 4;

    private SystemDrops() {}

    /** 0 where it is not told. */
    static long of(InetSocketAddress bound) {
        return TABLES.stream().mapToLong(table -> in(table, bound)).sum();
    }

    private static long in(Path table, InetSocketAddress bound) {
        var names = names(bound);
        long dropped = 0;
        try {
            for (String line : Files.readAllLines(table)) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length > 2 && names.contains(fields[1])) {
                    dropped += Long.parseLong(fields[fields.length - 1]);
                }
            }
            return dropped;
        } catch (IOException | NumberFormatException e) { // another system, or no IPv6
            return dropped;
        }
    }

    /** As the tables write it: words in the byte order of the machine; an address of IPv4 may stand in either. */
    private static List<String> names(InetSocketAddress bound) {
        InetAddress address = bound.getAddress();
        String port = String.format(Locale.ROOT, ":%04X", bound.getPort());
        String words = words(address.getAddress());
        var zero = "0".repeat(WORD * 2);
        return address.isAnyLocalAddress()
                ? List.of(zero + port, zero.repeat(WORD) + port)
                : List.of(words + port, MAPPED + words + port);
    }

    private static String words(byte[] address) {
        var text = new StringBuilder();
        for (int word = 0; word < address.length; word += WORD) {
            int from = word;
            IntStream.range(0, WORD)
                    .forEach(
                            i -> text.append(HexFormat.of().withUpperCase().toHexDigits(address[from + WORD - 1 - i])));
        }
        return text.toString();
    }
}
