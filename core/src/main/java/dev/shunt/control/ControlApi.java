package dev.shunt.control;

import dev.shunt.control.ControlPort.DeadAction;
import dev.shunt.control.ControlPort.Steer;
import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * The calls of {@code /api/v1}, as docs/control-api.md lists them: one method for each path, and none knows who asks, by
 * which way. Each may wait, so none is made on an event loop. Safe for use by any thread.
 */
public final class ControlApi {

    private static final Logger LOG = Log.of(ControlApi.class);
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    /** Of a body, in the audit. */
    private static final int MAX_TOLD = 500;

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final ControlPort port;
    private final Clock clock;
    private final Audit audit;

    @SuppressWarnings("exports") // made by the engine
    public ControlApi(ControlPort port, Clock clock, Audit audit) {
        this.port = port;
        this.clock = clock;
        this.audit = audit;
    }

    public Audit audit() {
        return audit;
    }

    /** Never throws. */
    public Answered answer(Asked asked) {
        try {
            return routed(asked);
        } catch (ControlException e) {
            return Answered.refused(e);
        } catch (RuntimeException e) {
            LOG.error("{} {} could not be answered", asked.method(), asked.path(), e);
            return Answered.refused(500, "an error of the engine, which its log has: " + e);
        }
    }

    private Answered routed(Asked asked) {
        var path = asked.path().startsWith("/health/") ? Asked.ROOT + asked.path() : asked.path();
        if (!path.startsWith(Asked.ROOT + "/")) {
            throw unknown(asked);
        }
        var words = words(path);
        var action = action(words);
        if (action.isPresent()) {
            return asked.method().equals("POST") ? act(action.get(), asked) : notAllowed(asked, "POST");
        }
        var question = question(words);
        if (question.isEmpty()) {
            throw unknown(asked);
        }
        return READING.contains(asked.method()) ? look(question.get(), asked) : notAllowed(asked, "GET, HEAD");
    }

    private static ControlException unknown(Asked asked) {
        return ControlException.notFound(
                "there is no " + asked.path() + "; docs/control-api.md lists what there is below " + Asked.ROOT);
    }

    private static Answered notAllowed(Asked asked, String allowed) {
        String why = allowed.equals("POST")
                ? asked.method() + " changes nothing, and " + asked.path() + " is an action: use POST"
                : asked.path() + " is to be looked at: use GET";
        return new Answered(405, Map.of("error", why), Optional.of(allowed));
    }

    /** What is done at this path, of {@link ConsoleSettings#ACTIONS}, any of which is enough; empty if it is only looked at. */
    Set<String> actionsOf(String path) {
        if (!path.startsWith(Asked.ROOT + "/")) {
            return Set.of();
        }
        return Action.of(words(path))
                .map(action -> action.kind().equals("jobs") ? ofJob(action.subject()) : Set.of(action.name()))
                .orElse(Set.of());
    }

    /** What the job does; of one that there is not, what any does. */
    private Set<String> ofJob(String number) {
        return port.jobs().stream()
                .filter(job -> String.valueOf(job.job()).equals(number))
                .findFirst()
                .map(job -> Set.of(job.action()))
                .orElse(Set.of("rerun", "discard"));
    }

    /** Each decoded: a name may have a slash. */
    private static List<String> words(String path) {
        try {
            return Stream.of(path.substring(Asked.ROOT.length() + 1).split("/", -1))
                    .map(word -> URLDecoder.decode(word.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw ControlException.badRequest("the path " + path + " is not percent-encoded: " + e.getMessage());
        }
    }

    // Questions

    private Answered look(Function<Parameters, Answered> question, Asked asked) {
        var parameters = Parameters.ofQuery(asked, this::now);
        return question.apply(parameters);
    }

    private Optional<Function<Parameters, Answered>> question(List<String> words) {
        if (words.size() == 2 && words.getFirst().equals("tasks")) {
            return Optional.of(none(() -> task(words.get(1))));
        }
        return Optional.ofNullable(
                switch (String.join("/", words)) {
                    case "status" -> none(port::status);
                    case "measures" -> none(port::measures);
                    case "tasks" -> this::tasks;
                    case "dead" -> this::dead;
                    case "schedules" -> none(() -> Map.of("schedules", port.schedules()));
                    case "children" -> none(this::children);
                    case "connections" -> this::connections;
                    case "groups" -> none(() -> Map.of("groups", port.status().groups()));
                    case "nodes" -> none(() -> Map.of("nodes", port.nodes()));
                    case "jobs" -> none(() -> Map.of("jobs", port.jobs()));
                    case "health/live" -> parameters -> health(parameters, port::live);
                    case "health/ready" -> parameters -> health(parameters, port::ready);
                    default -> null;
                });
    }

    private static Function<Parameters, Answered> none(Supplier<Object> answer) {
        return parameters -> {
            parameters.nothingElse();
            return Answered.of(answer.get());
        };
    }

    private TaskInfo task(String id) {
        return port.task(Parameters.id(id))
                .orElseThrow(
                        () -> ControlException.notFound("there is no task " + id + ": it has ended, or never was"));
    }

    private Answered tasks(Parameters parameters) {
        var filter = new TaskFilter(parameters.text("state"), parameters.text("type"), parameters.text("text"));
        var paging = parameters.paging();
        parameters.nothingElse();
        return Answered.of(port.tasks(filter, paging));
    }

    private Answered dead(Parameters parameters) {
        var filter = parameters.deadFilter(parameters.idsOfText("ids"));
        var paging = parameters.paging();
        parameters.nothingElse();
        return Answered.of(port.dead(filter, paging));
    }

    private Object children() {
        var children = port.children();
        return new Children(children, port.status().totals().childrenReplaced());
    }

    private record Children(List<Inspection.Child> children, long replaced) {}

    private Answered connections(Parameters parameters) {
        var filter = new TreeMap<String, String>();
        for (String name : List.of("group", "listener", "text", "uid")) {
            parameters.text(name).ifPresent(value -> filter.put(name, value));
        }
        var paging = parameters.paging();
        parameters.nothingElse();
        return Answered.of(port.connections(filter, paging));
    }

    private static Answered health(Parameters parameters, Supplier<Health> asked) {
        parameters.nothingElse();
        var health = asked.get();
        return new Answered(health.ok() ? 200 : 503, health, Optional.empty());
    }

    // Actions

    /** @param what for the audit */
    private record Action(String name, String what, List<String> words) {

        static Optional<Action> of(List<String> words) {
            String last = words.getLast();
            boolean ofOne = words.size() == 3 && !words.get(1).isEmpty();
            boolean is = switch (words.size()) {
                case 1 -> Set.of("reload", "stop").contains(last);
                case 2 ->
                    words.getFirst().equals("dead")
                            && Set.of("rerun", "discard").contains(last);
                case 3 -> ofOne && verbs(words.getFirst()).contains(last);
                default -> false;
            };
            return is ? Optional.of(new Action(last, subject(words), words)) : Optional.empty();
        }

        private static Set<String> verbs(String kind) {
            return switch (kind) {
                case "tasks" -> Set.of("cancel", "edit");
                case "groups" -> Set.of("pause", "resume", "drain", "resize");
                case "types" -> Set.of("pause", "resume");
                case "schedules" -> Set.of("run", "pause", "resume");
                case "children" -> Set.of("reload");
                case "jobs" -> Set.of("stop");
                default -> Set.of();
            };
        }

        private static String subject(List<String> words) {
            return switch (words.size()) {
                case 1 -> "the program";
                case 2 -> "dead letters";
                default ->
                    words.getFirst().substring(0, words.getFirst().length() - 1).replace("childre", "child")
                            + " "
                            + words.get(1);
            };
        }

        String kind() {
            return words.getFirst();
        }

        String subject() {
            return words.get(1);
        }
    }

    private static Optional<Action> action(List<String> words) {
        return Action.of(words);
    }

    private Answered act(Action action, Asked asked) {
        try {
            var done = done(action, asked);
            if (changes(done)) {
                tell(action, asked, said(done));
            }
            return new Answered(done instanceof Done.Begun ? ACCEPTED : OK, done, Optional.empty());
        } catch (ControlException e) {
            tell(action, asked, "refused: " + e.getMessage());
            throw e;
        }
    }

    /** Whoever asks once more how far a stop is has done nothing. */
    private static boolean changes(Done done) {
        return !(done instanceof Done.Stopping stopping && stopping.done() == 0);
    }

    private static String said(Done done) {
        return switch (done) {
            case Done.Begun begun -> "job " + begun.job() + " with " + begun.matched();
            case Done.Stopping stopping -> stopping.state();
            case Done.Cancelled cancelled ->
                cancelled.state() + (cancelled.pid() == null ? "" : " in process " + cancelled.pid());
            case Done.Edited edited -> "task " + edited.id();
            case Done.Ran ran -> "task " + ran.id();
            case Done.Resized resized -> resized.slots() + " slots";
            case Done.Counted _, Done.Letters _, Done.OfGroup _, Done.OfType _, Done.OfSchedule _, Done.Replacing _ ->
                done.done() + " of " + done.matched();
        };
    }

    private void tell(Action action, Asked asked, String said) {
        String body = asked.body().length == 0 || asked.body().length > MAX_TOLD
                ? ""
                : " " + new String(asked.body(), StandardCharsets.UTF_8);
        boolean secret = action.name().equals("edit");
        audit.tell(new Audit.Entry(now(), asked.actor(), action.name(), action.what() + (secret ? "" : body), said));
    }

    private void tellOver(DeadAction action, long job, Done.Letters over, Asked asked) {
        String done = over.done() + " of " + over.matched() + (over.stopped() == null ? "" : ", stopped");
        audit.tell(new Audit.Entry(
                now(), asked.actor(), action.name().toLowerCase(Locale.ROOT), "job " + job + " is over", done));
    }

    private Done done(Action action, Asked asked) {
        var parameters = Parameters.ofBody(asked, this::now);
        return switch (action.kind()) {
            case "dead" -> dead(DeadAction.valueOf(action.name().toUpperCase(Locale.ROOT)), parameters, asked);
            case "stop" -> stop(parameters);
            case "reload" -> {
                boolean tasksOnly = parameters.flag("tasks_only").orElse(false);
                parameters.nothingElse();
                yield port.reload(tasksOnly);
            }
            case "tasks" -> ofTask(action, parameters);
            case "groups" -> ofGroup(action, parameters);
            default -> {
                parameters.nothingElse();
                yield ofOther(action);
            }
        };
    }

    private Done ofOther(Action action) {
        return switch (action.kind()) {
            case "types" -> port.steerType(action.subject(), steer(action));
            case "children" -> port.reloadChild(Parameters.id(action.subject()));
            case "jobs" -> {
                boolean stopped = port.stopJob(Parameters.id(action.subject()));
                yield Done.of(1, stopped ? 1 : 0);
            }
            default ->
                action.name().equals("run")
                        ? port.runSchedule(action.subject())
                        : port.steerSchedule(action.subject(), steer(action));
        };
    }

    private Done ofTask(Action action, Parameters parameters) {
        long id = Parameters.id(action.subject());
        if (action.name().equals("cancel")) {
            parameters.nothingElse();
            return port.cancel(id);
        }
        var payload = parameters
                .any("payload")
                .orElseThrow(() -> ControlException.badRequest("no payload to run it with; say {\"payload\": ...}"));
        parameters.nothingElse();
        return port.edit(id, payload);
    }

    private Done ofGroup(Action action, Parameters parameters) {
        if (action.name().equals("resize")) {
            parameters.oneOf("children", "slots");
            int count = parameters.whole("children", parameters.whole("slots", 0));
            parameters.nothingElse();
            return port.resize(action.subject(), count);
        }
        parameters.nothingElse();
        return port.steerGroup(action.subject(), steer(action));
    }

    private static Steer steer(Action action) {
        return Steer.valueOf(action.name().toUpperCase(Locale.ROOT));
    }

    private Done dead(DeadAction action, Parameters parameters, Asked asked) {
        var filter = parameters.deadFilter();
        boolean all = parameters.flag("all").orElse(false);
        boolean dryRun = parameters.flag("dry_run").orElse(false);
        boolean wait = parameters.flag("wait").orElse(true);
        parameters.nothingElse();
        boolean none = filter.equals(DeadFilter.ALL);
        if (none && !all) {
            throw ControlException.badRequest(
                    "which dead letters? say {\"ids\": [...]}, what must match (type, error, text,"
                            + " since, cause), or {\"all\": true}");
        }
        if (!none && all) {
            throw ControlException.badRequest("all of them, or those that match? \"all\" stands alone");
        }
        return port.dead(
                action, filter, dryRun, wait, asked.actor(), (job, over) -> tellOver(action, job, over, asked));
    }

    private Done.Stopping stop(Parameters parameters) {
        var graceful = parameters.flag("graceful");
        var timeout = parameters.number("timeout_seconds");
        parameters.nothingElse();
        if (timeout.isPresent() && !graceful.orElse(false)) {
            throw ControlException.badRequest("timeout_seconds bounds a graceful stop: say \"graceful\": true with it,"
                    + " or leave it out; otherwise maxWaitTime bounds the stop");
        }
        return port.stop(graceful, timeout);
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.epochMillis());
    }
}
