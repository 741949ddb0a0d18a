package dev.shunt.remote;

import dev.shunt.log.Escaped;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a program answers, as text for people. Each takes the document of a call and the width of the terminal, 0 if nothing
 * is to be cut.
 */
public final class Reports {

    private static final int SHOWN = 200;

    private Reports() {}

    /** Of {@code /status}: who it is, its groups, what runs since when, its children, its totals. */
    public static String status(Json status, int width) {
        var text = new StringBuilder(head(status));
        text.append('\n').append(groups(status, width));
        var running = status.list("running");
        text.append('\n');
        if (running.isEmpty()) {
            text.append("nothing runs\n");
        } else {
            text.append(running(running, width));
            long all = Math.max(status.number("running_total"), running.size());
            if (all > Math.min(running.size(), SHOWN)) {
                text.append("… ").append(all).append(" run in all\n");
            }
        }
        if (!status.list("children").isEmpty()) {
            text.append('\n').append(children(status, width));
        }
        if (!status.list("nodes").isEmpty()) {
            text.append('\n').append(nodes(status, width));
        }
        if (status.value("bus").isPresent()) {
            text.append('\n').append(bus(status.object("bus")));
        }
        return text.append('\n').append(totals(status.object("totals"))).toString();
    }

    private static String bus(Json bus) {
        return "bus: node " + bus.number("node") + ", " + bus.number("nodes") + " nodes in all, " + bus.number("sent")
                + " sent, "
                + bus.number("received") + " received, " + bus.number("gaps") + " missed, " + bus.number("dropped")
                + " dropped" + (bus.flag("reachable") ? "\n" : ", NOT REACHED\n");
    }

    /** Of {@code /nodes}, or of {@code /status}. */
    public static String nodes(Json document, int width) {
        var table = new Table("node", "name", "since", "silent", "slots", "busy", "leased", "ended", "fenced");
        for (var node : document.list("nodes")) {
            table.row(
                    node.number("node"),
                    node.text("name") + (node.flag("self") ? " *" : ""),
                    Spoken.seconds(node.fraction("seconds")),
                    Spoken.seconds(node.fraction("beat_seconds")),
                    node.number("slots"),
                    node.number("busy"),
                    node.number("leased"),
                    node.number("ended"),
                    node.number("fenced"));
        }
        return table.text(width);
    }

    private static String head(Json status) {
        var listeners = status.texts("listeners");
        return Escaped.text(status.text("program")) + "  " + status.text("state") + "  pid " + status.number("pid")
                + "  since " + Spoken.time(status.text("since")) + " (" + Spoken.seconds(status.fraction("seconds"))
                + ")"
                + (status.text("version").isEmpty() ? "" : "  version " + status.text("version")) + "\n"
                + (listeners.isEmpty() ? "" : "listens on " + String.join(", ", listeners) + "\n");
    }

    private static String groups(Json status, int width) {
        var table = new Table("group", "kind", "placement", "slots", "busy", "queued", "delayed", "oldest", "state");
        for (var group : status.list("groups")) {
            table.row(
                    group.text("name"),
                    group.text("kind"),
                    group.text("placement"),
                    group.number("slots"),
                    group.number("busy"),
                    group.number("queued"),
                    group.number("delayed"),
                    group.number("queued") == 0 ? "-" : Spoken.seconds(group.fraction("oldest_seconds")),
                    state(group));
        }
        return table.text(width);
    }

    private static String state(Json group) {
        var words = new ArrayList<String>();
        if (group.flag("draining")) {
            words.add("draining");
        } else if (group.flag("paused")) {
            words.add("paused");
        }
        if (isReached(group, "queued", "limit") || isReached(group, "bytes", "limit_bytes")) {
            words.add("full");
        }
        return words.isEmpty() ? "-" : String.join(", ", words);
    }

    private static boolean isReached(Json group, String count, String limit) {
        return group.value(limit).isPresent() && group.number(count) >= group.number(limit);
    }

    private static String running(List<Json> running, int width) {
        var table = new Table("running", "type", "group", "slot", "pid", "for", "since", "attempt", "progress");
        for (var task : running.subList(0, Math.min(SHOWN, running.size()))) {
            table.row(
                    task.text("id"),
                    task.text("type"),
                    task.text("group"),
                    task.number("slot"),
                    task.number("pid"),
                    Spoken.seconds(task.fraction("seconds")),
                    Spoken.time(task.text("since")),
                    task.number("attempt"),
                    task.value("progress").map(Reports::shown).orElse("-"));
        }
        return table.text(width);
    }

    private static String totals(Json totals) {
        return Stream.of(
                        "submitted",
                        "queued",
                        "delayed",
                        "running",
                        "done",
                        "failed",
                        "lost",
                        "timed_out",
                        "cancelled",
                        "rejected",
                        "retried",
                        "dead",
                        "connections",
                        "messages",
                        "children_replaced")
                .filter(name -> totals.value(name).isPresent())
                .map(name -> name.replace('_', ' ') + " " + totals.number(name))
                .collect(Collectors.joining(", ", "totals: ", "\n"));
    }

    /** Of {@code /children}, or of {@code /status}. */
    public static String children(Json document, int width) {
        var table = new Table(
                "child",
                "group",
                "place",
                "state",
                "since",
                "memory",
                "heap",
                "busy",
                "restarts",
                "version",
                "last exit");
        for (var child : document.list("children")) {
            table.row(
                    child.number("pid"),
                    child.text("group"),
                    child.number("place"),
                    child.text("state").isEmpty() ? "-" : child.text("state"),
                    child.text("since").isEmpty() ? "-" : Spoken.time(child.text("since")),
                    size(child, "rss_bytes"),
                    size(child, "heap_bytes"),
                    child.value("busy").isPresent() ? child.text("busy") + "/" + child.text("slots") : "-",
                    child.value("restarts").isPresent() ? child.text("restarts") : "-",
                    child.text("version").isEmpty() ? "-" : child.text("version"),
                    child.text("last_exit").isEmpty() ? "-" : child.text("last_exit"));
        }
        return table.isEmpty() ? "no children\n" : table.text(width);
    }

    private static String size(Json child, String name) {
        return child.value(name).isPresent() ? Spoken.bytes(child.number(name)) : "-";
    }

    /** Of {@code /connections}. */
    public static String connections(Json document, int width) {
        var table =
                new Table("connection", "remote", "listener", "protocol", "since", "last message", "in", "out", "user");
        for (var connection : document.list("connections")) {
            table.row(
                    connection.text("id"),
                    connection.text("remote_address"),
                    connection.text("local_address"),
                    connection.text("protocol"),
                    Spoken.time(connection.text("since")),
                    connection.text("last_message").isEmpty() ? "-" : Spoken.time(connection.text("last_message")),
                    size(connection, "bytes_in"),
                    size(connection, "bytes_out"),
                    connection.text("uid").isEmpty() ? "-" : connection.text("uid"));
        }
        var counts = document.object("counts");
        return (table.isEmpty() ? "" : table.text(width))
                + shownOf(document, "connections", "connections")
                + "accepted " + counts.number("accepted") + ", closed " + counts.number("closed") + ", messages "
                + counts.number("messages") + ", refused " + counts.number("refused") + ", held "
                + Spoken.bytes(counts.number("held_bytes")) + "\n";
    }

    /** Of {@code /tasks}. */
    public static String tasks(Json document, int width) {
        var table = new Table("task", "type", "group", "state", "for", "attempt", "slot", "pid", "payload");
        for (var task : document.list("tasks")) {
            table.row(
                    task.text("id"),
                    task.text("type"),
                    task.text("group"),
                    task.text("state"),
                    Spoken.seconds(task.fraction("seconds")),
                    task.number("attempt"),
                    task.value("slot").isPresent() ? task.text("slot") : "-",
                    task.value("pid").isPresent() ? task.text("pid") : "-",
                    task.value("payload").map(Reports::shown).orElse("-"));
        }
        long stored = document.number("stored_only");
        return (table.isEmpty() ? "" : table.text(width))
                + shownOf(document, "tasks", "tasks")
                + (stored == 0 ? "" : stored + " more are in the log alone\n");
    }

    /** Of {@code /dead}: first by their error, then each. */
    public static String dead(Json document, int width) {
        var groups = new Table("count", "type", "error", "at", "first", "last", "cause");
        for (var group : document.list("groups")) {
            groups.row(
                    group.number("count"),
                    group.text("type"),
                    group.text("error"),
                    group.text("at").isEmpty() ? "-" : group.text("at"),
                    Spoken.time(group.text("first")),
                    Spoken.time(group.text("last")),
                    group.text("cause"));
        }
        var letters = new Table("dead", "type", "attempts", "died", "error", "payload");
        for (var letter : document.list("dead")) {
            letters.row(
                    letter.text("id"),
                    letter.text("type"),
                    letter.number("attempts"),
                    Spoken.time(letter.text("died")),
                    letter.text("error"),
                    letter.value("payload").map(Reports::shown).orElse("-"));
        }
        var text = new ArrayList<String>();
        if (!groups.isEmpty()) {
            text.add(groups.text(width));
        }
        if (!letters.isEmpty()) {
            text.add(letters.text(width));
        }
        return String.join("\n", text) + shownOf(document, "dead", "dead letters");
    }

    /** How many of how many are shown. */
    private static String shownOf(Json document, String list, String things) {
        int shown = document.list(list).size();
        long total = Math.max(document.number("total"), shown);
        long of = document.number("of");
        String all = of > total ? ", of " + of + " in all" : "";
        return (shown < total
                        ? shown + " of " + total + " " + things + ": --page and --size show others"
                        : total + " " + things)
                + all + "\n";
    }

    /** Of {@code /schedules}. */
    public static String schedules(Json document, int width) {
        var table = new Table("schedule", "when", "next", "last", "outcome", "fired", "skipped", "state");
        for (var schedule : document.list("schedules")) {
            table.row(
                    schedule.text("name"),
                    schedule.text("when"),
                    schedule.text("next").isEmpty() ? "-" : Spoken.time(schedule.text("next")),
                    schedule.text("last").isEmpty() ? "-" : Spoken.time(schedule.text("last")),
                    schedule.text("last_outcome").isEmpty() ? "-" : schedule.text("last_outcome"),
                    schedule.number("fired"),
                    schedule.number("skipped"),
                    schedule.flag("paused") ? "paused" : "-");
        }
        return table.isEmpty() ? "no schedules\n" : table.text(width);
    }

    /** Of one thing: its fields, one a line; a text of several lines is indented. */
    public static String fields(Json document) {
        var text = new StringBuilder();
        document.fields()
                .forEach((name, value) -> text.append(name.replace('_', ' '))
                        .append(": ")
                        .append(
                                value instanceof String lines
                                        ? lines.lines().map(Escaped::text).collect(Collectors.joining("\n    "))
                                        : shown(value))
                        .append('\n'));
        return text.toString();
    }

    private static String shown(Object value) {
        return value instanceof String text ? text : Json.text(value);
    }
}
