package dev.shunt.control;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What the API needs of a manager. Each call may wait for its main loop or its task log, and is made on no event loop. What
 * cannot be done throws {@link ControlException}.
 */
public interface ControlPort {

    /** What is done with dead letters. */
    enum DeadAction {
        RERUN,
        DISCARD
    }

    /** What is done with something that goes on otherwise. */
    enum Steer {
        PAUSE,
        RESUME,
        DRAIN
    }

    Inspection status();

    Measures measures();

    List<Inspection.Child> children();

    /** Of a fleet; none without one. */
    List<Inspection.Node> nodes();

    TaskPage tasks(TaskFilter filter, Paging paging);

    /** In memory, or a dead letter. */
    Optional<TaskInfo> task(long id);

    DeadPage dead(DeadFilter filter, Paging paging);

    List<ScheduleInfo> schedules();

    ConnectionPage connections(Map<String, String> filter, Paging paging);

    Health live();

    Health ready();

    List<JobInfo> jobs();

    // Actions

    /**
     * @param dryRun counts only
     * @param wait until all is done; else a job is told of
     * @param over told what a job has done, when nobody waits for it
     */
    Done dead(
            DeadAction action,
            DeadFilter filter,
            boolean dryRun,
            boolean wait,
            String actor,
            BiConsumer<Long, Done.Letters> over);

    boolean stopJob(long job);

    Done.Cancelled cancel(long taskId);

    /** Runs a dead letter again with another payload. */
    Done.Edited edit(long taskId, Object payload);

    Done.OfGroup steerGroup(String group, Steer how);

    Done.OfType steerType(String type, Steer how);

    Done.OfSchedule steerSchedule(String schedule, Steer how);

    Done.Ran runSchedule(String schedule);

    /** @param count of children, or of slots where these are threads of the manager */
    Done.Resized resize(String group, int count);

    Done.Replacing reload(boolean tasksOnly);

    Done.Replacing reloadChild(long pid);

    /**
     * @param graceful null: as before, or at once if it has not begun
     * @param timeoutSeconds after which a graceful one stops at once
     */
    Done.Stopping stop(Optional<Boolean> graceful, Optional<Double> timeoutSeconds);
}
