package dev.shunt.calls;

import dev.shunt.control.Control;
import dev.shunt.control.Done;
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

    /**
     * Gives a group another number of child processes while it runs, from any worker; for a group whose slots are threads of the
     * manager's process, of slots. New children have as many slots as the group's first. One that is too many takes nothing more,
     * ends what it runs and goes; what waited for it, and its connections, go to the others. After a restart the program has
     * what it was declared with. Done when it has begun.
     *
     * @param group "event" or "task" of a {@code Server}, or a name that the program has given
     * @param count 1 to 1,000
     */
    default CompletionStage<Done.Resized> resize(String group, int count) {
        return control().resizeGroup(group, count);
    }
}
