package dev.shunt.control;

import dev.shunt.data.Codec;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The running program, as it can be seen and steered from any of its processes: the calls of docs/control-api.md. What is
 * asked completes where it was asked from; exceptionally with {@link ControlException}, if it cannot be had, or is no longer
 * answered. Safe for use by any thread.
 */
public final class Control {

    private final Function<Asked, CompletionStage<Reply>> program;
    private final String actor;

    /** @param actor who does it, for the audit */
    public Control(Function<Asked, CompletionStage<Reply>> program, String actor) {
        this.program = program;
        this.actor = actor;
    }

    /** The same, for somebody: 1 to 100 characters that the audit names. */
    public Control as(String who) {
        return new Control(program, who);
    }

    // Seen

    public CompletionStage<Inspection> inspect() {
        return get("/status", Map.of(), Inspection.class);
    }

    /** What a collector of metrics asks for. */
    public CompletionStage<Measures> measures() {
        return get("/measures", Map.of(), Measures.class);
    }

    /** The oldest first. */
    public CompletionStage<TaskPage> tasks(TaskFilter filter, Paging paging) {
        var query = paged(paging);
        filter.state().ifPresent(value -> query.put("state", value));
        filter.type().ifPresent(value -> query.put("type", value));
        filter.text().ifPresent(value -> query.put("text", value));
        return get("/tasks", query, TaskPage.class);
    }

    /** In memory, or a dead letter; fails with status 404 if there is none. */
    public CompletionStage<TaskInfo> task(long id) {
        return get("/tasks/" + id, Map.of(), TaskInfo.class);
    }

    /** In the order of their ids. */
    public CompletionStage<DeadPage> dead(DeadFilter filter, Paging paging) {
        var query = paged(paging);
        if (!filter.ids().isEmpty()) {
            query.put("ids", filter.ids().stream().sorted().map(String::valueOf).collect(Collectors.joining(",")));
        }
        filter.type().ifPresent(value -> query.put("type", value));
        filter.error().ifPresent(value -> query.put("error", value));
        filter.text().ifPresent(value -> query.put("text", value));
        filter.since().ifPresent(value -> query.put("since", value.toString()));
        return get("/dead", query, DeadPage.class);
    }

    private record Schedules(List<ScheduleInfo> schedules) {}

    public CompletionStage<List<ScheduleInfo>> schedules() {
        return get("/schedules", Map.of(), Schedules.class).thenApply(Schedules::schedules);
    }

    /** Whether it is ready to be asked. */
    public CompletionStage<Health> ready() {
        return program.apply(Asked.get(Asked.ROOT + "/health/ready"))
                .thenApply(reply -> Codec.readableJson().decode(reply.json(), Health.class));
    }

    // Steered

    /** Runs dead letters again, from their first attempt. */
    public CompletionStage<Done.Letters> rerun(DeadFilter filter) {
        return post("/dead/rerun", choice(filter), Done.Letters.class);
    }

    /** Forgets dead letters. */
    public CompletionStage<Done.Letters> discard(DeadFilter filter) {
        return post("/dead/discard", choice(filter), Done.Letters.class);
    }

    /** Ends a task that waits, or interrupts the one that runs. */
    public CompletionStage<Done.Cancelled> cancel(long taskId) {
        return post("/tasks/" + taskId + "/cancel", Map.of(), Done.Cancelled.class);
    }

    /** Runs a dead letter again with another payload, of the kind that it had. */
    public CompletionStage<Done.Edited> edit(long taskId, Object payload) {
        return post("/tasks/" + taskId + "/edit", Map.of("payload", payload), Done.Edited.class);
    }

    /** Nothing of the group starts until it is resumed; what comes waits. */
    public CompletionStage<Done.OfGroup> pauseGroup(String group) {
        return post("/groups/" + encoded(group) + "/pause", Map.of(), Done.OfGroup.class);
    }

    /** Of a group that is paused, or drains. */
    public CompletionStage<Done.OfGroup> resumeGroup(String group) {
        return post("/groups/" + encoded(group) + "/resume", Map.of(), Done.OfGroup.class);
    }

    /** The group takes no more, and ends what it has. */
    public CompletionStage<Done.OfGroup> drainGroup(String group) {
        return post("/groups/" + encoded(group) + "/drain", Map.of(), Done.OfGroup.class);
    }

    /**
     * Gives a group another number of children, from 1 to 1,000, or of slots, if these are threads of the manager's process.
     * Those that are too many end what they run first. Done when it has begun; {@link #inspect} says how far it is.
     */
    public CompletionStage<Done.Resized> resizeGroup(String group, int count) {
        return post("/groups/" + encoded(group) + "/resize", Map.of("children", count), Done.Resized.class);
    }

    public CompletionStage<Done.OfType> pauseType(String type) {
        return post("/types/" + encoded(type) + "/pause", Map.of(), Done.OfType.class);
    }

    public CompletionStage<Done.OfType> resumeType(String type) {
        return post("/types/" + encoded(type) + "/resume", Map.of(), Done.OfType.class);
    }

    /** Submits what the schedule submits, once; its next time stays as it was. */
    public CompletionStage<Done.Ran> runSchedule(String schedule) {
        return post("/schedules/" + encoded(schedule) + "/run", Map.of(), Done.Ran.class);
    }

    /** It skips its times until it is resumed. */
    public CompletionStage<Done.OfSchedule> pauseSchedule(String schedule) {
        return post("/schedules/" + encoded(schedule) + "/pause", Map.of(), Done.OfSchedule.class);
    }

    public CompletionStage<Done.OfSchedule> resumeSchedule(String schedule) {
        return post("/schedules/" + encoded(schedule) + "/resume", Map.of(), Done.OfSchedule.class);
    }

    /** @param tasksOnly only children that run tasks */
    public CompletionStage<Done.Replacing> reload(boolean tasksOnly) {
        return post("/reload", Map.of("tasks_only", tasksOnly), Done.Replacing.class);
    }

    private static Map<String, Object> choice(DeadFilter filter) {
        var body = new LinkedHashMap<String, Object>();
        if (!filter.ids().isEmpty()) {
            body.put("ids", filter.ids());
        }
        filter.type().ifPresent(value -> body.put("type", value));
        filter.error().ifPresent(value -> body.put("error", value));
        filter.text().ifPresent(value -> body.put("text", value));
        filter.since().ifPresent(value -> body.put("since", value.toString()));
        if (body.isEmpty()) {
            body.put("all", true);
        }
        return body;
    }

    private static Map<String, String> paged(Paging paging) {
        var query = new LinkedHashMap<String, String>();
        query.put("page", String.valueOf(paging.page()));
        query.put("size", String.valueOf(paging.size()));
        return query;
    }

    /** A name may have a slash. */
    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private <T> CompletionStage<T> get(String path, Map<String, String> query, Class<T> type) {
        return ask(new Asked("GET", Asked.ROOT + path, query, new byte[0], actor), type);
    }

    private <T extends Done> CompletionStage<T> post(String path, Map<String, ?> body, Class<T> type) {
        return ask(
                new Asked(
                        "POST",
                        Asked.ROOT + path,
                        Map.of(),
                        Codec.readableJson().encode(body),
                        actor),
                type);
    }

    private <T> CompletionStage<T> ask(Asked asked, Class<T> type) {
        return program.apply(asked).thenApply(reply -> reply.as(type));
    }
}
