package dev.shunt.micrometer;

import static dev.shunt.micrometer.ShuntMeter.ACCEPTED;
import static dev.shunt.micrometer.ShuntMeter.BUSY;
import static dev.shunt.micrometer.ShuntMeter.BUS_DROPPED;
import static dev.shunt.micrometer.ShuntMeter.BUS_GAPS;
import static dev.shunt.micrometer.ShuntMeter.BUS_MESSAGES;
import static dev.shunt.micrometer.ShuntMeter.BUS_NODES;
import static dev.shunt.micrometer.ShuntMeter.BUS_REACHABLE;
import static dev.shunt.micrometer.ShuntMeter.CHILDREN;
import static dev.shunt.micrometer.ShuntMeter.CLOSED;
import static dev.shunt.micrometer.ShuntMeter.CONNECTIONS;
import static dev.shunt.micrometer.ShuntMeter.CPU;
import static dev.shunt.micrometer.ShuntMeter.DEAD;
import static dev.shunt.micrometer.ShuntMeter.DELAYED;
import static dev.shunt.micrometer.ShuntMeter.ENDED;
import static dev.shunt.micrometer.ShuntMeter.FIRED;
import static dev.shunt.micrometer.ShuntMeter.LIMIT;
import static dev.shunt.micrometer.ShuntMeter.LOG_APPEND;
import static dev.shunt.micrometer.ShuntMeter.LOG_TASKS;
import static dev.shunt.micrometer.ShuntMeter.LOOP_LAG;
import static dev.shunt.micrometer.ShuntMeter.MEMORY;
import static dev.shunt.micrometer.ShuntMeter.MESSAGES;
import static dev.shunt.micrometer.ShuntMeter.OLDEST;
import static dev.shunt.micrometer.ShuntMeter.QUEUED;
import static dev.shunt.micrometer.ShuntMeter.RESTARTS;
import static dev.shunt.micrometer.ShuntMeter.RETRIED;
import static dev.shunt.micrometer.ShuntMeter.RUN;
import static dev.shunt.micrometer.ShuntMeter.RUNNING;
import static dev.shunt.micrometer.ShuntMeter.SLOTS;
import static dev.shunt.micrometer.ShuntMeter.SPILLED;
import static dev.shunt.micrometer.ShuntMeter.SUBMITTED;
import static dev.shunt.micrometer.ShuntMeter.TOTAL;
import static dev.shunt.micrometer.ShuntMeter.WAIT;

import dev.shunt.control.Inspection;
import dev.shunt.control.Measures;
import dev.shunt.control.Measures.Times;
import dev.shunt.stats.Stats;
import io.micrometer.core.instrument.Tags;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A meter with its tags. Those of a program are as many as it has types, groups, places and the like, whatever it runs: none
 * has an id, a key or a payload in it.
 */
record Series(ShuntMeter meter, Tags tags) {

    /** Of one moment: a value, or of a timer how often and how long. */
    static Map<Series, Times> of(Measures measures) {
        var all = new LinkedHashMap<Series, Times>();
        var series = new Collected(all);
        series.types(measures);
        measures.program().groups().forEach(series::group);
        measures.backlogs().forEach(one -> series.put(SPILLED, one.spilled(), "group", one.group()));
        series.put(DEAD, measures.stats().tasks().dead());
        measures.restarts()
                .forEach(one -> series.put(RESTARTS, one.count(), "group", one.group(), "cause", one.cause()));
        measures.program().children().forEach(series::child);
        measures.cpu()
                .forEach(one ->
                        series.put(CPU, one.seconds(), "group", one.group(), "place", String.valueOf(one.place())));
        measures.listeners().forEach(series::listener);
        measures.schedules().forEach(one -> {
            series.put(FIRED, one.fired(), "name", one.name(), "outcome", "submitted");
            series.put(FIRED, one.skipped(), "name", one.name(), "outcome", "skipped");
        });
        if (measures.stats().bus().node() != 0) {
            series.bus(measures.stats().bus());
        }
        series.put(LOG_APPEND, measures.logAppend());
        series.put(LOG_TASKS, measures.logTasks());
        series.put(LOOP_LAG, measures.loopLag(), "loop", "main");
        return all;
    }

    private record Collected(Map<Series, Times> all) {

        /** What two groups call the same, such as {@code other}, is one. */
        void put(ShuntMeter meter, Times times, String... tags) {
            all.merge(new Series(meter, Tags.of(tags)), times, Times::plus);
        }

        void put(ShuntMeter meter, long value, String... tags) {
            put(meter, (double) value, tags);
        }

        void put(ShuntMeter meter, double value, String... tags) {
            put(meter, new Times(0, value, 0), tags);
        }

        void bus(Stats.Bus bus) {
            put(BUS_NODES, bus.nodes());
            put(BUS_REACHABLE, bus.reachable() ? 1 : 0);
            put(BUS_MESSAGES, bus.sent(), "direction", "sent");
            put(BUS_MESSAGES, bus.received(), "direction", "received");
            put(BUS_GAPS, bus.gaps());
            put(BUS_DROPPED, bus.dropped());
        }

        void types(Measures measures) {
            measures.types().forEach(one -> noneYet(one.type()));
            measures.program().types().forEach(this::type);
            measures.runs().forEach(one -> put(RUN, one.times(), "type", one.type(), "outcome", one.outcome()));
        }

        private void noneYet(String type) {
            put(RUN, Times.NONE, "type", type, "outcome", "done");
            put(RUN, Times.NONE, "type", type, "outcome", "failed");
            var none = Inspection.Latency.NONE;
            type(new Inspection.Type(
                    type, "", 0, 0, 0, 0, false, new Inspection.Ended(0, 0, 0, 0, 0, 0), none, none, none));
        }

        void type(Inspection.Type one) {
            String type = one.type();
            put(SUBMITTED, one.submitted(), "type", type);
            put(RETRIED, one.retried(), "type", type);
            put(QUEUED, one.queued(), "type", type);
            put(RUNNING, one.running(), "type", type);
            ended(type, "done", one.ended().done());
            ended(type, "failed", one.ended().failed());
            ended(type, "timed_out", one.ended().timedOut());
            ended(type, "lost", one.ended().lost());
            ended(type, "cancelled", one.ended().cancelled());
            ended(type, "rejected", one.ended().rejected());
            put(WAIT, times(one.waited()), "type", type);
            put(TOTAL, times(one.total()), "type", type);
        }

        private void ended(String type, String outcome, long count) {
            put(ENDED, count, "type", type, "outcome", outcome);
        }

        private static Times times(Inspection.Latency seen) {
            return new Times(seen.count(), seen.count() * seen.mean(), seen.max());
        }

        void group(Inspection.Group one) {
            String group = one.name();
            put(SLOTS, one.slots(), "group", group);
            put(BUSY, one.busy(), "group", group);
            put(CHILDREN, one.children(), "group", group);
            put(RESTARTS, 0, "group", group, "cause", "other");
            if (one.kind().equals("tasks")) {
                put(OLDEST, one.oldestSeconds(), "group", group);
                put(DELAYED, one.delayed(), "group", group);
            }
            Integer limit = one.limit();
            if (limit != null) {
                put(LIMIT, limit, "group", group);
            }
        }

        /** One that leaves and its successor have the same place for a while: the one that serves counts. */
        void child(Inspection.Child one) {
            if (!one.state().equals("ready")) {
                return;
            }
            String place = String.valueOf(one.place());
            Long rss = one.rssBytes();
            if (rss != null) {
                put(MEMORY, rss, "group", one.group(), "place", place, "area", "rss");
            }
            Long heap = one.heapBytes();
            if (heap != null) {
                put(MEMORY, heap, "group", one.group(), "place", place, "area", "heap");
            }
        }

        void listener(Measures.Listener one) {
            String listener = one.listener();
            put(CONNECTIONS, one.open(), "listener", listener);
            put(ACCEPTED, one.accepted(), "listener", listener);
            put(CLOSED, one.closedByPeer(), "listener", listener, "reason", "peer");
            put(CLOSED, one.closedHere(), "listener", listener, "reason", "program");
            put(CLOSED, one.closedForCause(), "listener", listener, "reason", "other");
            put(MESSAGES, one.messages(), "listener", listener);
        }
    }
}
