package dev.shunt.cli;

import dev.shunt.data.Data;
import dev.shunt.remote.ControlClient;
import dev.shunt.remote.ControlException;
import dev.shunt.remote.ControlException.Kind;
import dev.shunt.remote.Json;
import dev.shunt.remote.Reports;
import dev.shunt.remote.RunningProgram;
import dev.shunt.remote.Table;
import dev.shunt.remote.Terminal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that change nothing. */
final class Looks {

    private Looks() {}

    @Command(name = "ps", description = "Which programs run here.")
    static int ps(@Mixin Target target) throws ControlException {
        var programs = target.programs();
        if (target.json) {
            System.out.println(Data.of(Map.of(
                            "programs",
                            programs.found().stream().map(Looks::document).toList(),
                            "foreign",
                            programs.foreign().stream()
                                    .map(other -> Map.of("user", other.owner(), "pid", Long.valueOf(other.pid())))
                                    .toList()))
                    .text());
        } else {
            var table = new Table("pid", "program", "state", "since", "listens on", "run directory");
            programs.found()
                    .forEach(program -> table.row(
                            program.pid(),
                            program.name(),
                            program.about().text("state"),
                            program.since(),
                            String.join(" ", program.about().texts("listeners")),
                            program.directory()));
            System.out.print(
                    table.isEmpty() ? "no program runs in " + programs.where() + "\n" : table.text(Terminal.width()));
            programs.foreign().forEach(other -> System.out.println("not yours: " + other));
        }
        return programs.found().isEmpty() ? Kind.NOT_RUNNING.exitCode() : 0;
    }

    private static Map<String, Object> document(RunningProgram program) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("program", program.name());
        fields.put("pid", program.pid());
        fields.put("since", program.since());
        fields.put("state", program.about().text("state"));
        fields.put("listeners", program.about().texts("listeners"));
        fields.put("run_directory", program.directory().toString());
        return fields;
    }

    @Command(name = "status", description = "The program on one page: groups, what runs since when, children, totals.")
    static void status(@Mixin Target target) throws ControlException {
        target.show(target.client().get("/status"), Reports::status);
    }

    @Command(name = "top", description = "As status, again each second.")
    static void top(@Mixin Target target) throws ControlException {
        if (target.json) {
            status(target);
        } else {
            Terminal.show(
                    true,
                    width -> Reports.status(
                            target.client().get("/status").orFail().json(), width));
        }
    }

    @Command(name = "tasks", description = "Tasks that have not ended.")
    static void tasks(
            @Mixin Target target,
            @Mixin Page page,
            @Option(names = "--state", paramLabel = "STATE", description = "queued, delayed, held, storing or running")
                    @Nullable String state,
            @Option(names = "--type", paramLabel = "TYPE", description = "of this type, exactly") @Nullable String type,
            @Option(names = "--text", paramLabel = "TEXT", description = "with this in the payload") @Nullable String text)
            throws ControlException {
        var query = page.of(
                new Query("/tasks").with("state", state).with("type", type).with("text", text));
        target.show(target.client().get(query.toString()), Reports::tasks);
    }

    @Command(name = "task", description = "One task, with its whole payload and options; also a dead letter.")
    static void task(@Mixin Target target, @Parameters(paramLabel = "ID", description = "its id") long id)
            throws ControlException {
        target.show(target.client().get("/tasks/" + id), (document, _) -> Reports.fields(document));
    }

    @Command(name = "schedules", description = "What is submitted by the clock: next time, last outcome.")
    static void schedules(@Mixin Target target) throws ControlException {
        target.show(target.client().get("/schedules"), Reports::schedules);
    }

    @Command(name = "children", description = "Processes: memory, age, restarts and why.")
    static void children(@Mixin Target target) throws ControlException {
        target.show(target.client().get("/children"), Reports::children);
    }

    @Command(name = "connections", description = "Who is connected.")
    static void connections(
            @Mixin Target target,
            @Mixin Page page,
            @Option(names = "--group", paramLabel = "GROUP", description = "in this group") @Nullable String group,
            @Option(names = "--listener", paramLabel = "ADDRESS", description = "of this listener") @Nullable String listener,
            @Option(names = "--text", paramLabel = "TEXT", description = "with this in the address") @Nullable String text)
            throws ControlException {
        var query = page.of(new Query("/connections")
                .with("group", group)
                .with("listener", listener)
                .with("text", text));
        target.show(target.client().get(query.toString()), Reports::connections);
    }

    @Command(name = "health", description = "Whether the program lives, and is ready: 0 if so, 1 if not.")
    static int health(
            @Mixin Target target,
            @Parameters(paramLabel = "live|ready", arity = "0..1", description = "what is asked; default ready")
                    Optional<String> what)
            throws ControlException {
        String asked = what.orElse("ready");
        if (!List.of("live", "ready").contains(asked)) {
            throw new ControlException(Kind.WRONG_USE, "health " + asked + " is nothing to ask; live and ready are");
        }
        ControlClient.Answer answer = target.client().get("/health/" + asked);
        if (target.json) {
            target.print(answer);
        } else {
            Json document = answer.json();
            System.out.println(asked + ": " + (answer.isOk() ? "yes" : "no") + ", " + document.text("state"));
            document.texts("problems").forEach(System.out::println);
        }
        return answer.isOk() ? 0 : 1;
    }
}
