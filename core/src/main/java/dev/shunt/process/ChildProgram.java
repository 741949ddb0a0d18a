package dev.shunt.process;

import java.time.Duration;
import java.util.List;

/**
 * The program whose children a {@link Supervisor} keeps.
 *
 * @param command starts it
 * @param places one per child
 * @param shape what each child has to present in its hello; see the plan's {@code Shape}
 * @param stopDeadline how long a child that leaves by itself may finish its work
 * @param silence after which a child that does not answer is killed: its process is stopped, or its machine has no time
 *     for it
 * @param payloadMemory bytes for large payloads of all children, or {@link #SHARE}
 * @param endSubprocesses what a child has started ends with it, unless it ends in order
 * @param aotCache children start with an AOT cache, which is made if there is none
 */
public record ChildProgram(
        LaunchCommand command,
        List<ChildPlace> places,
        String shape,
        RestartPolicy restarts,
        Duration stopDeadline,
        Duration silence,
        long payloadMemory,
        boolean endSubprocesses,
        boolean aotCache) {

    /** Longer than any pause of a JVM that is still of use to anybody. */
    public static final Duration DEFAULT_SILENCE = Duration.ofSeconds(30);

    /** A sixteenth of the memory, at most 1 GB, and at most half of what its file system has. */
    public static final long SHARE = -1;

    public ChildProgram {
        places = List.copyOf(places);
    }
}
