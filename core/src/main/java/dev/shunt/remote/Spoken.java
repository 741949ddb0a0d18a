package dev.shunt.remote;

import java.util.Locale;

/** Numbers as people say them. */
final class Spoken {

    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};

    private Spoken() {}

    /** Such as {@code 2.5 s}, {@code 3 m 12 s}, {@code 2 h 5 m} or {@code 3 d 4 h}. */
    static String seconds(double seconds) {
        long whole = (long) seconds;
        if (whole < 60) {
            return String.format(Locale.ROOT, "%.1f s", Math.min(seconds, 59.9));
        }
        if (whole < 3_600) {
            return whole / 60 + " m " + whole % 60 + " s";
        }
        return whole < 86_400
                ? whole / 3_600 + " h " + whole % 3_600 / 60 + " m"
                : whole / 86_400 + " d " + whole % 86_400 / 3_600 + " h";
    }

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1_024 && unit < UNITS.length - 1) {
            value /= 1_024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** {@code 2026-11-28T15:57:30.123Z} without the fraction; "" stays so. */
    static String time(String iso) {
        int point = iso.indexOf('.');
        return point < 0 ? iso : iso.substring(0, point) + "Z";
    }
}
