package dev.shunt.postgres;

import java.util.Optional;

/**
 * What a message is in a notification.
 *
 * <pre>
 *   sender:number:content    content in base64, or # and the id of a row
 * </pre>
 *
 * @param from who has sent it
 * @param number of its messages to this channel, from 1
 */
record BusNotes(int from, long number, String content) {

    static final String ALL = "shunt_bus";
    static final String ROW = "#";

    static String channel(int node) {
        return "shunt_b" + node;
    }

    static String text(int from, long number, String content) {
        return from + ":" + number + ":" + content;
    }

    /** Nothing if it is none: anybody may notify. */
    static Optional<BusNotes> read(String payload) {
        var parts = payload.split(":", 3);
        try {
            return parts.length < 3
                    ? Optional.empty()
                    : Optional.of(new BusNotes(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), parts[2]));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
