package dev.shunt.plan;

import dev.shunt.bus.Bus;
import java.util.Optional;

/**
 * How a program gets on with other code and processes around it.
 *
 * @param handleSignals the manager handles signals of the operating system; else its host does
 * @param endSubprocesses what a child's handlers have started ends with the child, unless that ends in order
 * @param bus over which nodes of a fleet speak to each other; without it that of the task queue, if that has one
 */
public record ProcessSettings(
        boolean handleSignals, boolean endSubprocesses, ControlSettings control, Optional<Bus.Opener> bus) {

    public static final ProcessSettings DEFAULT =
            new ProcessSettings(true, true, ControlSettings.DEFAULT, Optional.empty());

    public ProcessSettings withHandleSignals(boolean value) {
        return new ProcessSettings(value, endSubprocesses, control, bus);
    }

    public ProcessSettings withEndSubprocesses(boolean value) {
        return new ProcessSettings(handleSignals, value, control, bus);
    }

    public ProcessSettings withControl(ControlSettings value) {
        return new ProcessSettings(handleSignals, endSubprocesses, value, bus);
    }

    public ProcessSettings withBus(Bus.Opener value) {
        return new ProcessSettings(handleSignals, endSubprocesses, control, Optional.of(value));
    }
}
