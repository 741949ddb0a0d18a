package dev.shunt.calls;

import dev.shunt.control.Control;
import dev.shunt.control.Inspection;
import java.util.concurrent.CompletionStage;

/** How the running program is seen and steered by its own code. */
public interface ControlCalls {

    /** For this package. */
    FaceState<?> state();

    /**
     * The running program, as it can be seen and steered from any of its processes: what runs, waits and has failed, and
     * what can be done about it. What is asked completes on this slot.
     */
    default Control control() {
        return new Control(call -> state().engine().control(call), "program");
    }

    /** The program as it is now: groups, what runs since when, types with their times, children, totals. */
    default CompletionStage<Inspection> inspect() {
        return control().inspect();
    }
}
