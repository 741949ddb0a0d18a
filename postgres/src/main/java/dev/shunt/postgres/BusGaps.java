package dev.shunt.postgres;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts what other nodes have said and this one has not heard, by the numbers of their messages, which begin with 1. Of a node
 * that was there before this one, which has the smaller number, nothing counts from before this one listened. Of one thread.
 */
final class BusGaps {

    private static final long UNKNOWN = -1;

    /** After so many looks at what an older node has said, that is from when this one listened already. */
    private static final int LOOKS = 4;

    /** Of one sender, to this node or to all. */
    private static final class Stream {

        private long last;
        private long said;
        private int looks;

        Stream(long last) {
            this.last = last;
        }
    }

    private record From(int node, boolean all) {}

    private final int self;
    private final Map<From, Stream> streams = new HashMap<>();
    private long missed;

    BusGaps(int self) {
        this.self = self;
    }

    private Stream stream(int node, boolean all) {
        return streams.computeIfAbsent(new From(node, all), _ -> new Stream(node < self ? UNKNOWN : 0));
    }

    /** A message has come; how many before it have not, and had not been missed yet. */
    long heard(int node, boolean all, long number) {
        var stream = stream(node, all);
        if (stream.last == UNKNOWN || number == 1) { // that is of a run that begins
            stream.last = number;
            return 0;
        }
        if (number <= stream.last) {
            missed = Math.max(0, missed - 1); // it was late, and is here
            return 0;
        }
        return passed(stream, number, number - stream.last - 1);
    }

    /**
     * It has sent messages to all up to this number: those that it had sent when it was asked before have come by now, or do not.
     *
     * @return how many have not, and had not been missed yet
     */
    long said(int node, long number) {
        var stream = stream(node, true);
        long due = stream.said;
        stream.said = number;
        if (number < due) { // of another run
            stream.last = Math.min(stream.last, number);
            return 0;
        }
        if (stream.last == UNKNOWN) {
            stream.looks++;
            stream.last = stream.looks < LOOKS ? UNKNOWN : due;
            return 0;
        }
        return due > stream.last ? passed(stream, due, due - stream.last) : 0;
    }

    private long passed(Stream stream, long number, long gap) {
        stream.last = number;
        missed += gap;
        return gap;
    }

    /** A message whose content was not there any more. */
    void lost() {
        missed++;
    }

    long missed() {
        return missed;
    }
}
