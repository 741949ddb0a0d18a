package dev.shunt.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Bytes of a file that a client asks for (RFC 9110, section 14).
 *
 * @param first counted from 0
 * @param last which is one of them
 */
record FileRange(long first, long last) {

    /** So many at once; who asks for more gets all of the file. */
    static final int MAX = 100;

    private static final String UNIT = "bytes=";
    private static final Pattern RANGE = Pattern.compile("(\\d*)-(\\d*)");
    /** A longer number is beyond the end of any file. */
    private static final int MAX_DIGITS = 18;

    /**
     * In the order of the header, without those that begin behind the end.
     *
     * @return empty if nothing is asked for that is understood, so that the header does not count
     */
    static Optional<List<FileRange>> of(String header, long size) {
        if (!header.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return Optional.empty();
        }
        var there = new ArrayList<FileRange>();
        int asked = 0;
        for (String one : header.substring(UNIT.length()).split(",", -1)) {
            if (one.isBlank()) {
                continue;
            }
            var parts = RANGE.matcher(one.strip());
            asked++;
            if (!parts.matches() || asked > MAX || !add(parts.group(1), parts.group(2), size, there)) {
                return Optional.empty();
            }
        }
        return asked == 0 ? Optional.empty() : Optional.of(there);
    }

    /** False if it is none. */
    private static boolean add(String first, String second, long size, List<FileRange> there) {
        boolean fromEnd = first.isEmpty();
        boolean open = second.isEmpty();
        if ((fromEnd && open) || (!fromEnd && !open && number(second) < number(first))) {
            return false;
        }
        long from = fromEnd ? Math.max(0, size - number(second)) : number(first);
        long to = fromEnd || open ? size - 1 : Math.min(size - 1, number(second));
        if (from < size && from <= to) {
            there.add(new FileRange(from, to));
        }
        return true;
    }

    private static long number(String digits) {
        return digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    long length() {
        return last - first + 1;
    }

    /** As {@code Content-Range} says it. */
    String said(long size) {
        return "bytes " + first + "-" + last + "/" + size;
    }
}
