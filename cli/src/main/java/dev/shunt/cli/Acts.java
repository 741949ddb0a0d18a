package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Data;
import dev.shunt.remote.Cancellation;
import dev.shunt.remote.ControlClient;
import dev.shunt.remote.ControlException;
import dev.shunt.remote.ControlException.Kind;
import dev.shunt.remote.Emptying;
import dev.shunt.remote.Farewell;
import dev.shunt.remote.Json;
import dev.shunt.remote.Renewal;
import dev.shunt.remote.Table;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that have a program do something. */
final class Acts {

    private Acts() {}

    private static final double RELOAD_SECONDS = 60;
    private static final double CANCEL_SECONDS = 30;

    /** What is paused or goes on. */
    static final class Parts {

        @Parameters(paramLabel = "GROUP", arity = "0..1", description = "a group of slots")
        @Nullable String group;

        @Option(names = "--group", paramLabel = "GROUP", description = "the same")
        @Nullable String named;

        @Option(names = "--type", paramLabel = "TYPE", description = "the tasks of one type")
        @Nullable String type;

        @Option(names = "--schedule", paramLabel = "NAME", description = "a schedule")
        @Nullable String schedule;

        @Option(names = "--all", description = "all groups that run tasks")
        boolean all;

        /** The paths of the API that are meant. */
        private List<String> paths(Target target) throws ControlException {
            var paths = new ArrayList<String>();
            add(paths, "/groups/", group);
            add(paths, "/groups/", named);
            add(paths, "/types/", type);
            add(paths, "/schedules/", schedule);
            if (all) {
                taskGroups(target).forEach(name -> add(paths, "/groups/", name));
            }
            if (paths.isEmpty()) {
                throw new ControlException(Kind.WRONG_USE, "what? Give a group, --type, --schedule or --all");
            }
            return paths;
        }

        private static void add(List<String> paths, String kind, @Nullable String name) {
            if (name != null) {
                paths.add(kind + Query.encoded(name));
            }
        }
    }

    private static List<String> taskGroups(Target target) throws ControlException {
        return target.client().get("/groups").orFail().json().list("groups").stream()
                .filter(group -> group.text("kind").equals("tasks"))
                .map(group -> group.text("name"))
                .toList();
    }

    @Command(
            name = "cancel",
            description =
                    "Ends tasks that wait, and interrupts those that run; a process whose task goes on is replaced.")
    static int cancel(
            @Mixin Target target,
            @Parameters(paramLabel = "ID", arity = "1..*", description = "their ids") List<Long> ids,
            @Option(
                            names = "--timeout",
                            paramLabel = "SECONDS",
                            description = "how long to wait for each to end; default 30")
                    @Nullable Double timeout)
            throws ControlException {
        var patience = duration(timeout == null ? Double.valueOf(CANCEL_SECONDS) : timeout)
                .orElseThrow();
        var tasks = new ArrayList<Map<String, Object>>();
        var problems = new ArrayList<Map<String, Object>>();
        int exitCode = 0;
        int unknown = 0;
        for (long id : ids) {
            try {
                var outcome = new Cancellation(target.client(), id, patience).run();
                tasks.add(outcome.fields());
                if (!target.json) {
                    System.out.println(outcome.line());
                }
            } catch (ControlException e) {
                if (e.kind() != Kind.FAILED && e.kind() != Kind.TIMED_OUT) {
                    throw e;
                }
                exitCode = Math.max(exitCode, e.kind().exitCode());
                unknown += e.kind() == Kind.FAILED ? 1 : 0;
                problems.add(Map.of("id", id, "error", String.valueOf(e.getMessage())));
                System.err.println("ctl: " + e.getMessage());
            }
        }
        if (target.json) {
            var answer = new LinkedHashMap<String, Object>();
            answer.put("matched", ids.size() - unknown);
            answer.put("done", tasks.size());
            answer.put("tasks", tasks);
            if (!problems.isEmpty()) {
                answer.put("problems", problems);
            }
            System.out.println(Data.of(answer).text());
        }
        return exitCode;
    }

    @Command(
            name = "jobs",
            description = "How far is what is done with many dead letters; --stop ends it, after 64 more at most.")
    static void jobs(
            @Mixin Target target,
            @Option(names = "--stop", paramLabel = "JOB", description = "the job that is not to go on") @Nullable Long stopped)
            throws ControlException {
        if (stopped != null) {
            target.show(
                    target.client().post("/jobs/" + stopped + "/stop", Map.of()),
                    (document, _) -> "job " + stopped
                            + (document.number("done") > 0 ? " stops\n" : " is over, or stops already\n"));
            return;
        }
        target.show(target.client().get("/jobs"), (document, width) -> {
            var table = new Table("job", "action", "actor", "state", "done", "of");
            document.list("jobs")
                    .forEach(job -> table.row(
                            job.text("job"),
                            job.text("action"),
                            job.text("actor"),
                            job.text("state"),
                            job.text("done"),
                            job.text("matched")));
            return table.isEmpty() ? "no job has been begun\n" : table.text(width);
        });
    }

    @Command(name = "run-now", description = "Submits what a schedule submits, now; its next time stays as it was.")
    static void runNow(
            @Mixin Target target, @Parameters(paramLabel = "NAME", description = "of the schedule") String name)
            throws ControlException {
        target.show(
                target.client().post("/schedules/" + Query.encoded(name) + "/run", Map.of()),
                (document, _) -> "schedule " + name
                        + (document.value("id").isPresent() ? " submitted task " + document.text("id") : " ran")
                        + (document.text("next").isEmpty() ? "" : "; next " + document.text("next")) + "\n");
    }

    @Command(name = "pause", description = "A group, a type or a schedule starts nothing more until it is resumed.")
    static void pause(@Mixin Target target, @Mixin Parts parts) throws ControlException {
        each(target, parts.paths(target), "pause", "paused");
    }

    @Command(name = "resume", description = "Ends a pause or a drain.")
    static void resume(@Mixin Target target, @Mixin Parts parts) throws ControlException {
        each(target, parts.paths(target), "resume", "resumed");
    }

    @Command(
            name = "drain",
            description = "Groups take no more tasks and finish those that they have; all groups, if none is named.")
    static void drain(
            @Mixin Target target,
            @Parameters(paramLabel = "GROUP", arity = "0..*", description = "groups that run tasks") @Nullable List<String> groups,
            @Option(names = "--wait", description = "until they have nothing left") boolean wait,
            @Option(names = "--timeout", paramLabel = "SECONDS", description = "with --wait, for how long at most")
                    @Nullable Double timeout)
            throws ControlException {
        var names = groups == null || groups.isEmpty() ? taskGroups(target) : groups;
        each(
                target,
                names.stream().map(name -> "/groups/" + Query.encoded(name)).toList(),
                "drain",
                "draining");
        if (wait) {
            new Emptying(target.client(), names, target.aside()::println).await(duration(timeout));
        }
    }

    private static void each(Target target, List<String> paths, String action, String done) throws ControlException {
        var answers = new ArrayList<Json>();
        for (var path : paths) {
            ControlClient.Answer answer = target.client().post(path + "/" + action, Map.of());
            answers.add(answer.orFail().json());
            if (target.json && paths.size() == 1) {
                target.print(answer);
            } else if (!target.json) {
                System.out.println(
                        spoken(path) + ": " + done + (answers.getLast().number("done") > 0 ? "" : " already"));
            }
        }
        if (target.json && paths.size() > 1) {
            System.out.println(Data.of(Map.of(
                            "matched",
                            answers.stream()
                                    .mapToLong(answer -> answer.number("matched"))
                                    .sum(),
                            "done",
                            answers.stream()
                                    .mapToLong(answer -> answer.number("done"))
                                    .sum(),
                            "answers",
                            answers.stream().map(Json::fields).toList()))
                    .text());
        }
    }

    private static String spoken(String path) {
        return URLDecoder.decode(path.substring(1).replaceFirst("s/", " "), UTF_8);
    }

    @Command(name = "reload", description = "Replaces children one by one, and reports each place.")
    static void reload(
            @Mixin Target target,
            @Option(names = "--tasks-only", description = "only those that run tasks") boolean tasksOnly,
            @Option(
                            names = {"-g", "--graceful"},
                            description = "as it is anyway: a child ends when what it runs has ended")
                    boolean graceful,
            @Option(names = "--timeout", paramLabel = "SECONDS", description = "for how long at most; default 60")
                    @Nullable Double timeout)
            throws ControlException {
        var document = new Renewal(
                        target.program(),
                        duration(timeout == null ? Double.valueOf(RELOAD_SECONDS) : timeout)
                                .orElseThrow(),
                        target.aside()::println)
                .reload(tasksOnly);
        if (target.json) {
            System.out.println(Data.of(document).text());
        }
    }

    @Command(name = "stop", description = "Ends the program in order, and waits until it is gone.")
    static void stop(
            @Mixin Target target,
            @Option(
                            names = {"-g", "--graceful"},
                            description = "finish what is queued, and wait for connections to end")
                    boolean graceful,
            @Option(
                            names = "--timeout",
                            paramLabel = "SECONDS",
                            description = "for how long at most; a graceful stop goes on as an ordinary one then")
                    @Nullable Double timeout)
            throws ControlException {
        var program = target.program();
        new Farewell(program, graceful, duration(timeout), target.aside()::println).stop();
        if (target.json) {
            System.out.println(Data.of(Map.of("matched", 1, "done", 1, "state", "stopped", "pid", program.pid()))
                    .text());
        } else {
            System.out.println(program.name() + " (pid " + program.pid() + ") has stopped");
        }
    }

    private static Optional<Duration> duration(@Nullable Double seconds) throws ControlException {
        if (seconds == null) {
            return Optional.empty();
        }
        if (!(seconds > 0 && seconds <= 1_000_000)) {
            throw new ControlException(Kind.WRONG_USE, "--timeout " + seconds + " is no number of seconds above 0");
        }
        return Optional.of(Duration.ofMillis((long) (seconds * 1_000)));
    }
}
