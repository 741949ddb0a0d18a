package dev.shunt.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what the processes of {@code Chaos} wrote down, and says what in it breaks a promise. */
final class ChaosBooks {

    /** Order of the file is order of events. */
    record Line(int at, String event, long id, long pid, List<String> words) {

        static Line of(int at, String text) {
            var words = List.of(text.stripTrailing().split(" ", -1));
            return new Line(
                    at,
                    words.get(0),
                    Long.parseLong(words.get(1)),
                    Long.parseLong(words.get(2)),
                    words.subList(3, words.size()));
        }

        boolean is(String name) {
            return event.equals(name);
        }

        int attempt() {
            return Integer.parseInt(words.getFirst());
        }

        /** Of a result. */
        String outcome() {
            return words.getFirst();
        }
    }

    /** All that is known of one task. */
    record Story(long id, List<Line> lines) {

        List<Line> all(String event) {
            return lines.stream().filter(line -> line.is(event)).toList();
        }

        @Nullable Line submitted() {
            return lines.stream()
                    .filter(line -> line.is("submitted"))
                    .findFirst()
                    .orElse(null);
        }

        String kind() {
            var submitted = submitted();
            return submitted == null
                    ? all("began").isEmpty()
                            ? ""
                            : all("began").getFirst().words().get(1)
                    : submitted.words().getFirst();
        }

        String key() {
            var submitted = submitted();
            return submitted == null ? "-" : submitted.words().get(1);
        }

        int retries() {
            var submitted = submitted();
            return submitted == null ? 0 : Integer.parseInt(submitted.words().get(2));
        }

        boolean durable() {
            var submitted = submitted();
            return submitted != null && !submitted.words().get(3).equals("MEMORY");
        }

        /** Of {@code FINISHES}, which has several, the last; null if the task has not ended. */
        @Nullable Line result() {
            var results = all("result");
            boolean one = !kind().equals("FINISHES")
                    || results.size() > 2
                    || results.stream().anyMatch(Story::isBad);
            return results.isEmpty() || !one ? null : results.getLast();
        }

        static boolean isBad(Line result) {
            return !result.outcome().equals("done");
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final Map<Long, Story> stories = new TreeMap<>();
    private final Map<Long, Integer> lastOfPid = new HashMap<>();
    private final List<Integer> kills = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private ChaosBooks(List<String> texts) {
        for (String text : texts) {
            var line = Line.of(lines.size(), text);
            lines.add(line);
            if (line.is("killed")) {
                kills.add(line.at());
            } else {
                stories.computeIfAbsent(line.id(), id -> new Story(id, new ArrayList<>()))
                        .lines()
                        .add(line);
                lastOfPid.put(line.pid(), line.at());
            }
        }
    }

    static ChaosBooks read(Path file) {
        try {
            return new ChaosBooks(Files.exists(file) ? Files.readAllLines(file) : List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int size() {
        return lines.size();
    }

    /** Processes that have run tasks. */
    Set<Long> workers() {
        return lines.stream().filter(line -> line.is("began")).map(Line::pid).collect(Collectors.toSet());
    }

    /** What happened how often, to be printed. */
    Map<String, Long> summary() {
        var counts = lines.stream()
                .map(line -> line.is("result") ? "result " + line.outcome() : line.event())
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
        counts.put(
                "runs cut off",
                stories.values().stream()
                        .mapToInt(ChaosBooks::cutOff)
                        .asLongStream()
                        .sum());
        counts.put(
                "retries",
                stories.values().stream()
                        .mapToInt(story -> Math.max(0, story.all("began").size() - 1))
                        .asLongStream()
                        .sum());
        return counts;
    }

    private static int cutOff(Story story) {
        return story.all("began").size() - story.all("ended").size();
    }

    /** How many tasks ended so, each counted once. */
    long ended(String outcome) {
        return endings().filter(line -> line.outcome().equals(outcome)).count();
    }

    private Stream<Line> endings() {
        return stories.values().stream().flatMap(story -> Stream.ofNullable(story.result()));
    }

    /** How often a task was to wait for another in {@code taskWait}. */
    long asked() {
        return lines.stream().filter(line -> line.is("asks")).count();
    }

    /** Endings in the book of those who waited in {@code taskWait}, in which they are not under their own id. */
    long heard(String outcome) {
        return lines.stream()
                .filter(line -> line.is("heard") && line.outcome().equals(outcome))
                .count();
    }

    /** What must be a dead letter. */
    Set<Long> dead() {
        return stories.values().stream()
                .filter(story -> story.retries() > 0 || story.durable())
                .filter(story -> {
                    var result = story.result();
                    return result != null
                            && Set.of("failed", "lost", "timed-out").contains(result.outcome());
                })
                .map(Story::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** All that breaks a promise, each with the whole story of its task. */
    List<String> problems() {
        stories.values().forEach(this::check);
        lines.stream()
                .filter(line -> line.is("submitted") && line.words().getFirst().startsWith("ORDERED"))
                .map(line -> line.words().get(1))
                .distinct()
                .forEach(this::checkOrder);
        return problems;
    }

    private void check(Story story) {
        if (story.submitted() == null
                && !story.kind().equals("INNER")
                && !killedAfter(story.lines().getLast())) {
            wrong(story, "nobody submitted it");
        }
        checkResultCount(story);
        checkRuns(story);
        var result = story.result();
        if (result != null) {
            checkResult(story, result);
        }
    }

    private void checkResultCount(Story story) {
        var results = story.all("result");
        boolean inner = story.kind().equals("INNER");
        if (story.submitted() != null && story.result() == null && !mayMiss(story)) {
            wrong(story, "no result");
        }
        if (inner) {
            if (results.stream().map(Line::pid).distinct().count() < results.size()) {
                wrong(story, "told twice to one process");
            }
        } else if (story.kind().equals("FINISHES")) {
            long bad = results.stream().filter(Story::isBad).count();
            if (bad > 1 || results.size() - bad > 3) {
                wrong(story, "too many results");
            }
        } else if (results.size() > 1) {
            wrong(story, "more than one result");
        }
    }

    /** The manager died with it, or, of one that a task asked for, that task's process before the manager heard. */
    private boolean mayMiss(Story story) {
        var submitted = story.lines().getFirst();
        if (story.kind().equals("INNER")) {
            var asked = story.submitted();
            return killedAfter(submitted) || (story.all("began").isEmpty() && asked != null && isGone(asked.pid()));
        }
        boolean stored = !story.all("stored").isEmpty();
        if (!stored) {
            return killedAfter(submitted);
        }
        boolean mayHaveEnded = !story.all("ended").isEmpty()
                || !story.all("cancel").isEmpty()
                || story.kind().startsWith("UNIQUE");
        return mayHaveEnded && killedAfter(story.lines().getLast());
    }

    private boolean killedAfter(Line line) {
        return kills.stream().anyMatch(kill -> kill > line.at());
    }

    private boolean isGone(long pid) {
        return ProcessHandle.of(pid).isEmpty();
    }

    private void checkRuns(Story story) {
        Line before = null;
        for (var run : story.all("began")) {
            if (run.attempt() > 1 + story.retries()) {
                wrong(story, "attempt " + run.attempt() + " of " + (1 + story.retries()));
            }
            if (before != null) {
                if (run.attempt() <= before.attempt() && !killedBetween(before, run)) {
                    wrong(story, "attempt " + run.attempt() + " after attempt " + before.attempt());
                }
                if (!isOver(story, before, run)) {
                    wrong(story, "attempt " + run.attempt() + " began while another ran");
                }
            }
            before = run;
        }
        var result = story.result();
        if (result != null && !story.kind().equals("FINISHES") && !story.kind().equals("INNER")) {
            story.lines().stream()
                    .filter(line -> line.at() > result.at())
                    .filter(line -> Set.of("began", "ended", "progress").contains(line.event()))
                    .forEach(line -> wrong(story, line.event() + " after its result"));
        }
    }

    private boolean killedBetween(Line one, Line other) {
        return kills.stream().anyMatch(kill -> kill > one.at() && kill < other.at());
    }

    /** It has ended before the other line, or its process was gone by then. */
    private boolean isOver(Story story, Line run, Line by) {
        boolean ended = story.all("ended").stream()
                .anyMatch(end -> end.at() > run.at() && end.at() < by.at() && end.attempt() == run.attempt());
        return ended || lastOfPid.getOrDefault(run.pid(), -1) < by.at();
    }

    private void checkResult(Story story, Line result) {
        String kind = story.kind();
        int began = story.all("began").stream().mapToInt(Line::attempt).max().orElse(0);
        boolean right = switch (result.outcome()) {
            case "done" ->
                !Set.of("HANGING", "STUBBORN", "FAILING", "GIVING_UP").contains(kind) && hasRun(story, result);
            case "failed" ->
                kind.equals("GIVING_UP")
                        || kind.equals("DEADLINE")
                        || kind.startsWith("UNIQUE_JOIN")
                        || began == 1 + story.retries();
            case "lost" -> began >= story.retries() || kind.equals("DEADLINE");
            case "cancelled" ->
                kind.equals("UNIQUE_REPLACE")
                        || kind.equals("UNIQUE_JOIN") // with the one it joined
                        || !story.all("cancel").isEmpty();
            case "rejected" -> began == 0 && (kind.equals("UNIQUE_DROP") || saysItIsFull(result));
            case "timed-out" -> true;
            default -> false;
        };
        if (!right) {
            wrong(story, "this result cannot be");
        }
    }

    /** Of bytes, which the tasks of others may have: the load has not more tasks than may wait. */
    private static boolean saysItIsFull(Line result) {
        String reason = String.join(" ", result.words());
        return reason.contains("(maxQueuedBytes)") || reason.contains("(maxDelayedBytes)");
    }

    /** The run whose mark the result has is in the book, and ended well before. */
    private boolean hasRun(Story story, Line result) {
        long id = Long.parseLong(result.words().get(1));
        int attempt = Integer.parseInt(result.words().get(2));
        var runner = stories.get(id);
        boolean own = id == story.id();
        boolean joined = story.kind().equals("UNIQUE_JOIN")
                && runner != null
                && runner.key().equals(story.key());
        return runner != null
                && (own || joined)
                && (story.kind().equals("FINISHES")
                        || runner.all("ended").stream()
                                .anyMatch(end -> end.at() < result.at()
                                        && end.attempt() == attempt
                                        && end.words().get(1).equals("returned")));
    }

    /** One at a time, in the order of their ids: the manager gives them out as it is asked. */
    private void checkOrder(String key) {
        Line before = null;
        var keyed = stories.values().stream()
                .filter(story -> story.key().equals(key))
                .map(Story::id)
                .collect(Collectors.toCollection(HashSet::new));
        Predicate<Line> ofKey = line -> line.is("began") && keyed.contains(line.id());
        for (var run : lines.stream().filter(ofKey).toList()) {
            if (before != null) {
                var story = stories.get(before.id());
                if (run.id() < before.id()) {
                    wrong(stories.get(run.id()), "of " + key + " began after " + before.id());
                }
                if (story != null && run.id() != before.id() && !isOver(story, before, run)) {
                    wrong(stories.get(run.id()), "of " + key + " began while " + before.id() + " ran");
                }
            }
            before = run;
        }
    }

    private void wrong(@Nullable Story story, String what) {
        problems.add(what + ": "
                + (story == null
                        ? ""
                        : story.id()
                                + story.lines().stream()
                                        .map(line -> "\n    " + line.at() + " " + line.event() + " of " + line.pid()
                                                + " " + String.join(" ", line.words()))
                                        .collect(Collectors.joining())));
    }
}
