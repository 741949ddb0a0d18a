package dev.shunt.server;

import dev.shunt.calls.Face;
import dev.shunt.calls.FaceCallbacks;
import dev.shunt.calls.FaceState;
import dev.shunt.calls.TaskHandlerDeclarations;
import dev.shunt.calls.WithoutEffect;
import dev.shunt.check.Check;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.SlotHandler;
import dev.shunt.plan.TaskSpecBuilder;
import java.util.List;
import java.util.Optional;

/**
 * Task slots of their own, with their own handlers, queue and processes: what fills them delays no task of another group.
 * Every value has a default, and is checked where it is given.
 *
 * @see Server#taskGroup
 */
public final class TaskGroup implements TaskHandlerDeclarations<TaskGroup> {

    private final String name;
    private final Face face;
    private final TaskSpecBuilder tasks = FaceState.tasks();
    private final FaceState<TaskGroup> state;
    private Placement placement = Placement.CHILDREN;
    private int slots = 1;
    private int processes;
    private boolean virtual;
    private List<String> jvmOptions = List.of();

    TaskGroup(String name, Face face, FaceCallbacks callbacks) {
        this.name = name;
        this.face = face;
        this.state = new FaceState<>(this, face, tasks, callbacks);
    }

    /** For the declarations that this shares with the faces. */
    @Override
    public FaceState<TaskGroup> state() {
        return state;
    }

    /** How many of the group's tasks run at once. Default 1. */
    public TaskGroup slots(int value) {
        say("slots");
        slots = Check.count("slots", value, 1, "without, it is 1");
        return this;
    }

    /** How many children host the slots, at most one per slot. Default: as many as slots or cores, whichever is less. */
    public TaskGroup processes(int value) {
        say("processes");
        processes = Check.count("processes", value, 0, "0 means the default");
        return this;
    }

    /** Where the handlers run: in children (default) or in this process. */
    public TaskGroup placement(Placement value) {
        say("placement");
        placement = Check.given("placement", value);
        return this;
    }

    /** Slots are virtual threads. */
    public TaskGroup virtual(boolean value) {
        say("virtual");
        virtual = value;
        return this;
    }

    /** JVM options of the group's children, such as {@code -Xmx64m}; they win over the defaults. */
    public TaskGroup jvmOptions(String... options) {
        say("jvmOptions");
        jvmOptions = Check.all("jvmOptions", options);
        return this;
    }

    /** As {@link ServerSettings#taskMaxRequest}, for this group. Default 0: never. */
    public TaskGroup maxRequest(int value) {
        say("maxRequest");
        tasks.maxRuns(Check.count("maxRequest", value, 0, "0 means never"), -1);
        return this;
    }

    /** As {@link #maxRequest(int)}, and up to {@code grace} tasks more per process, at random. */
    public TaskGroup maxRequest(int value, int grace) {
        say("maxRequest");
        tasks.maxRuns(
                Check.count("maxRequest", value, 0, "0 means never"),
                Check.count("maxRequest grace", grace, 0, "0 means none more"));
        return this;
    }

    private void say(String setting) {
        face.setting(setting + " of task group '" + name + "'");
    }

    Group group(SlotHandler onStart, SlotHandler onStop) {
        if (tasks.isEmpty()) {
            throw new IllegalStateException("task group '" + name
                    + "' has no handler; give it one with handle(SomeType.class, ...), or onTask");
        }
        return new Group(
                name,
                placement,
                slots,
                placement == Placement.CHILDREN ? children() : 0,
                virtual,
                jvmOptions,
                Optional.of(tasks.build()),
                onStart,
                onStop);
    }

    boolean isInChildren() {
        return placement == Placement.CHILDREN;
    }

    void withoutEffect(WithoutEffect none, boolean inProcess) {
        boolean here = inProcess || !isInChildren();
        String why = "the slots of task group '" + name + "' are in this process";
        none.add(here && processes != 0, "processes(" + processes + ")", why)
                .add(here && !jvmOptions.isEmpty(), "jvmOptions(...)", why)
                .add(here && tasks.maxRuns() != 0, "maxRequest(" + tasks.maxRuns() + ")", why);
    }

    private int children() {
        return processes == 0 ? Group.taskProcesses(slots) : processes;
    }
}
