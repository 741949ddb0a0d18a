package dev.shunt.examples;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many datagrams each sender has sent. Of senders there may be any number, and their addresses
 * may be made up: those who were silent the longest are forgotten, so that the others fit into one
 * datagram. Not safe for use by several threads.
 */
public final class Counts {

    private static final int MAX_SENDERS = 1_000;

    private final Map<String, Long> bySender =
            new LinkedHashMap<>(16, 0.75f, true) {

                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> silent) {
                    return size() > MAX_SENDERS;
                }
            };

    public void add(String sender) {
        bySender.merge(sender, 1L, Long::sum);
    }

    public Map<String, Long> bySender() {
        return Map.copyOf(bySender);
    }
}
