package dev.shunt.intake;

import dev.shunt.task.StoredTask;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What takes the tasks that leave the intake; is called within a step, and must not step the intake again in it. */
public interface Handover<T> {

    /** Tasks that have entered and want a slot. */
    int queued();

    /** Tasks that have entered and wait for their time or their turn. */
    int aside();

    long asideBytes();

    /** Whether a task that has entered and is not over has this unique key. */
    boolean holdsUniqueKey(String key);

    /** Whether a task that has entered and is not over has this ordering key. */
    boolean holdsOrderingKey(String key);

    /** Whatever has entered and has this unique key is to end: another task takes it. */
    void giveUpUniqueKey(String key);

    /**
     * It may run.
     *
     * @param attempts that have ended
     * @param delayNanos after which it is due, if the intake leaves that to dispatch
     * @return ends it there, as far as it can be
     */
    Runnable enter(T task, int attempts, long delayNanos);

    /**
     * It is over, before any attempt of this run.
     *
     * @param inLog whether the store has it, and must hear of its end
     */
    void ended(T task, boolean inLog, NotEntered why);

    /** A task of an earlier run is damaged in the store, and stays there. */
    void damaged(long taskId, String problem);

    /** The same task without what makes it large, for as long as the store has it alone. */
    T withoutPayload(T task);

    /**
     * A task as it comes out of the store.
     *
     * @param asked as it was given to {@link #withoutPayload}; null if an earlier run accepted it
     * @return empty if it is to stay in the store: it is not for this intake
     */
    Optional<T> restored(StoredTask stored, @Nullable T asked);
}
