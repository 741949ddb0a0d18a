package dev.shunt.plan;

import dev.shunt.bus.Bus;
import dev.shunt.check.Check;
import java.util.Optional;

/**
 * How a program gets on with other code and processes around it.
 *
 * @param handleSignals the manager handles signals of the operating system; else its host does
 * @param endSubprocesses what a child's handlers have started ends with the child, unless that ends in order
 * @param payloadMemory bytes that all children together may share with the manager for large payloads; {@link #SHARE} for
 *     a share of the memory
 * @param bus over which nodes of a fleet speak to each other; without it that of the task queue, if that has one
 */
public record ProcessSettings(
        boolean handleSignals,
        boolean endSubprocesses,
        long payloadMemory,
        ControlSettings control,
        Optional<Bus.Opener> bus) {

    /** A sixteenth of the memory, at most 1 GB, and at most half of {@code /dev/shm}. */
    public static final long SHARE = -1;

    public static final ProcessSettings DEFAULT =
            new ProcessSettings(true, true, SHARE, ControlSettings.DEFAULT, Optional.empty());

    public ProcessSettings withHandleSignals(boolean value) {
        return new ProcessSettings(value, endSubprocesses, payloadMemory, control, bus);
    }

    public ProcessSettings withEndSubprocesses(boolean value) {
        return new ProcessSettings(handleSignals, value, payloadMemory, control, bus);
    }

    public ProcessSettings withPayloadMemory(long bytes) {
        return new ProcessSettings(
                handleSignals, endSubprocesses, Check.bytesOrNone("payloadMemory", bytes), control, bus);
    }

    public ProcessSettings withControl(ControlSettings value) {
        return new ProcessSettings(handleSignals, endSubprocesses, payloadMemory, value, bus);
    }

    public ProcessSettings withBus(Bus.Opener value) {
        return new ProcessSettings(handleSignals, endSubprocesses, payloadMemory, control, Optional.of(value));
    }
}
