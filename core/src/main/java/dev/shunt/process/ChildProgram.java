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
 */
public record ChildProgram(
        LaunchCommand command, List<ChildPlace> places, String shape, RestartPolicy restarts, Duration stopDeadline) {

    public ChildProgram {
        places = List.copyOf(places);
    }
}
