package dev.shunt.cli;

import dev.shunt.data.Data;
import dev.shunt.remote.ControlException;
import dev.shunt.remote.ControlException.Kind;
import dev.shunt.remote.Json;
import dev.shunt.remote.Reports;
import dev.shunt.remote.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands for dead letters: all take the same choice of them. */
final class Choices {

    private Choices() {}

    private static final int PAGE = 1_000;
    private static final int MAX_SHOWN = 10;

    /** As many as the program lists. */
    private static final int MAX_GROUPS = 100;

    /** In one address, which has an end. */
    private static final int IDS_AT_ONCE = 200;

    /** However many there are. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    /** By their ids, by what they have in common, or all. */
    static final class Choice {

        @Parameters(paramLabel = "ID", arity = "0..*", description = "of these ids")
        @Nullable List<Long> ids;

        @Option(names = "--type", paramLabel = "TYPE", description = "of this type, exactly")
        @Nullable String type;

        @Option(names = "--error", paramLabel = "TEXT", description = "with this in the reason of their failure")
        @Nullable String error;

        @Option(names = "--text", paramLabel = "TEXT", description = "with this in their payload")
        @Nullable String text;

        @Option(
                names = "--since",
                paramLabel = "TIME",
                description = "that died since: a time, or a duration before now such as 15m or 1h")
        @Nullable String since;

        @Option(names = "--cause", paramLabel = "CAUSE", description = "of one group, as dead lists them")
        @Nullable String cause;

        @Option(names = "--all", description = "all that there are")
        boolean all;

        @Option(names = "--dry-run", description = "only say how many these are")
        boolean dryRun;

        private boolean isByIds() {
            return ids != null && !ids.isEmpty();
        }

        private boolean isFiltered() {
            return type != null || error != null || text != null || since != null || cause != null;
        }

        /** One way of choosing. */
        private void check() throws ControlException {
            int ways = (isByIds() ? 1 : 0) + (isFiltered() ? 1 : 0) + (all ? 1 : 0);
            if (ways > 1) {
                throw new ControlException(
                        Kind.WRONG_USE,
                        "choose by ids, or by --type, --error, --text, --since and --cause, or --all; not several");
            }
        }

        private Map<String, Object> body() throws ControlException {
            check();
            var body = new LinkedHashMap<String, Object>();
            if (isByIds()) {
                body.put("ids", ids);
            } else if (all) {
                body.put("all", true);
            } else if (isFiltered()) {
                put(body, "type", type);
                put(body, "error", error);
                put(body, "text", text);
                put(body, "since", since);
                put(body, "cause", cause);
            } else {
                throw new ControlException(
                        Kind.WRONG_USE,
                        "which dead letters? Give their ids, or --type, --error, --text, --since, --cause, or --all");
            }
            if (dryRun) {
                body.put("dry_run", true);
            }
            return body;
        }

        private static void put(Map<String, Object> body, String name, @Nullable String value) {
            if (value != null) {
                body.put(name, value);
            }
        }

        private Query query(int page, int size) {
            return new Query("/dead")
                    .with("type", type)
                    .with("error", error)
                    .with("text", text)
                    .with("since", since)
                    .with("cause", cause)
                    .with("page", page)
                    .with("size", size);
        }
    }

    @Command(
            name = "dead",
            description = "Dead letters: tasks that have failed for good, grouped by their error, and each.")
    static void dead(@Mixin Target target, @Mixin Page page, @Mixin Choice choice) throws ControlException {
        choice.check();
        if (choice.isByIds() || choice.all) {
            var document = choice.isByIds() ? byIds(target, choice) : all(target, choice);
            System.out.print(
                    target.json ? Data.of(document).text() + "\n" : Reports.dead(new Json(document), Terminal.width()));
            return;
        }
        var query = choice.query(page.page == null ? 1 : page.page, page.size == null ? 100 : page.size);
        target.show(target.client().get(query.toString()), Reports::dead);
    }

    private static Map<String, Object> byIds(Target target, Choice choice) throws ControlException {
        var ids = choice.ids == null ? List.<Long>of() : choice.ids;
        var letters = new ArrayList<Map<String, Object>>();
        var groups = new ArrayList<Json>();
        var document = new LinkedHashMap<String, Object>();
        for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
            var some = ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE));
            var query = new Query("/dead")
                    .with("ids", some.stream().map(String::valueOf).collect(Collectors.joining(",")))
                    .with("size", PAGE);
            var answer = target.client().get(query.toString()).orFail().json();
            document.putAll(answer.fields());
            answer.list("dead").forEach(letter -> letters.add(letter.fields()));
            groups.addAll(answer.list("groups"));
        }
        document.put("dead", letters);
        document.put("page", 1);
        document.put("size", letters.size());
        document.put("total", letters.size());
        document.put("groups", merged(groups));
        return document;
    }

    /** Each cause once, as one answer of the program would have them: the most frequent first. */
    private static List<Map<String, Object>> merged(List<Json> groups) {
        var byCause = new LinkedHashMap<String, Json>();
        groups.forEach(group -> byCause.merge(group.text("cause"), group, Choices::merged));
        return byCause.values().stream()
                .sorted(Comparator.comparingLong((Json group) -> group.number("count"))
                        .reversed())
                .limit(MAX_GROUPS)
                .map(Json::fields)
                .toList();
    }

    private static Json merged(Json one, Json other) {
        var fields = new LinkedHashMap<>(one.fields());
        fields.put("count", one.number("count") + other.number("count"));
        fields.put("first", isEarlier(one, other, "first") ? one.text("first") : other.text("first"));
        fields.put("last", isEarlier(one, other, "last") ? other.text("last") : one.text("last"));
        return new Json(fields);
    }

    private static boolean isEarlier(Json one, Json other, String name) {
        return Instant.parse(one.text(name)).isBefore(Instant.parse(other.text(name)));
    }

    private static Map<String, Object> all(Target target, Choice choice) throws ControlException {
        var letters = new ArrayList<Map<String, Object>>();
        var document = new LinkedHashMap<String, Object>();
        for (int page = 1; ; page++) {
            var answer = target.client()
                    .get(choice.query(page, PAGE).toString())
                    .orFail()
                    .json();
            document.putAll(answer.fields());
            var more = answer.list("dead");
            more.forEach(letter -> letters.add(letter.fields()));
            if (more.size() < PAGE) {
                document.put("dead", letters);
                document.put("page", 1);
                document.put("size", letters.size());
                return document;
            }
        }
    }

    @Command(name = "rerun", description = "Runs dead letters again, from their first attempt.")
    static int rerun(@Mixin Target target, @Mixin Choice choice) throws ControlException {
        return act(target, choice, "rerun", "run again");
    }

    @Command(name = "discard", description = "Forgets dead letters.")
    static int discard(@Mixin Target target, @Mixin Choice choice) throws ControlException {
        return act(target, choice, "discard", "discarded");
    }

    private static int act(Target target, Choice choice, String action, String done) throws ControlException {
        var body = choice.body();
        var answer = target.client().waiting(PATIENCE).post("/dead/" + action, body);
        target.show(answer, (document, _) -> {
            long matched = document.number("matched");
            String what = matched == 1 ? " dead letter matches" : " dead letters match";
            return matched
                    + what
                    + (choice.dryRun ? "; nothing was done\n" : ", " + document.number("done") + " " + done + "\n");
        });
        var problems = answer.json().list("problems");
        problems.stream()
                .limit(MAX_SHOWN)
                .forEach(problem -> target.aside().println("not " + problem.text("id") + ": " + problem.text("error")));
        if (problems.size() > MAX_SHOWN) {
            target.aside().println("and others; --json has " + problems.size());
        }
        return problems.isEmpty() ? 0 : 1;
    }
}
