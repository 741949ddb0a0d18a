package dev.shunt.pool;

import dev.shunt.calls.FaceState;
import dev.shunt.calls.WithoutEffect;
import dev.shunt.data.Codec;
import dev.shunt.plan.ControlSettings;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.ProcessSettings;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.Settings;
import dev.shunt.plan.SharedLimit;
import dev.shunt.plan.SlotHandler;
import dev.shunt.plan.TaskSpecBuilder;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskQueue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a builder was told, as the plan that the engine runs. */
final class PoolSettings {

    /** With the time for a stop, well within the 30 s that Kubernetes and Spring give. */
    private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(20);

    final TaskSpecBuilder tasks = FaceState.tasks();
    int slots = Runtime.getRuntime().availableProcessors();
    int processes;
    List<String> jvmOptions = List.of();
    boolean virtual;
    boolean inProcess;
    Optional<Class<?>> childMain = Optional.empty();
    Optional<TaskLog.Opener> taskLog = Optional.empty();
    Optional<TaskQueue.Opener> taskQueue = Optional.empty();
    QueueLimit queue = QueueLimit.DEFAULT;
    Duration drainTimeout = DEFAULT_DRAIN;
    Duration stopTimeout = Settings.DEFAULT.stopDeadline();
    boolean endSubprocesses = true;
    long payloadMemory = ProcessSettings.SHARE;
    ControlSettings control = ControlSettings.DEFAULT;
    Codec codec = Codec.json();
    SharedLimit shared = SharedLimit.DEFAULT;
    SlotHandler slotStart = SlotHandler.NONE;
    SlotHandler slotStop = SlotHandler.NONE;

    Plan plan(PoolFace face, PoolHooks hooks) {
        if (tasks.isEmpty()) {
            throw new IllegalStateException(
                    face + " has no handler; give it one with handle(SomeType.class, ...), answer, or onTask");
        }
        hooks.warnOf(withoutEffect());
        var group = new Group(
                face.name(),
                inProcess ? Placement.IN_PROCESS : Placement.CHILDREN,
                slots,
                inProcess ? 0 : children(),
                virtual,
                inProcess ? List.of() : jvmOptions,
                Optional.of(tasks.build()),
                slotStart,
                slotStop);
        var settings = new Settings(
                        1,
                        stopTimeout,
                        queue,
                        taskLog,
                        Settings.DEFAULT_CONNECTION_MEMORY,
                        childMain,
                        new ProcessSettings(false, endSubprocesses, payloadMemory, control, Optional.empty()))
                .withCodec(codec)
                .withTaskQueue(taskQueue)
                .withShared(shared);
        return new Plan(List.of(group), List.of(), settings, hooks);
    }

    private int children() {
        return processes == 0 ? Group.taskProcesses(slots) : processes;
    }

    private WithoutEffect withoutEffect() {
        String here = "the slots are in this process";
        return new WithoutEffect()
                .add(inProcess && processes != 0, "processes(" + processes + ")", here)
                .add(inProcess && !jvmOptions.isEmpty(), "jvmOptions(...)", here)
                .add(inProcess && tasks.maxRuns() != 0, "maxTasksPerSlot(" + tasks.maxRuns() + ")", here)
                .add(inProcess && childMain.isPresent(), "childMain(...)", here);
    }
}
