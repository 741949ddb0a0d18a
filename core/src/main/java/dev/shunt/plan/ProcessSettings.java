package dev.shunt.plan;

/**
 * How a program gets on with other code and processes around it.
 *
 * @param handleSignals the manager handles signals of the operating system; else its host does
 * @param endSubprocesses what a child's handlers have started ends with the child, unless that ends in order
 */
public record ProcessSettings(boolean handleSignals, boolean endSubprocesses, ControlSettings control) {

    public static final ProcessSettings DEFAULT = new ProcessSettings(true, true, ControlSettings.DEFAULT);

    public ProcessSettings withHandleSignals(boolean value) {
        return new ProcessSettings(value, endSubprocesses, control);
    }

    public ProcessSettings withEndSubprocesses(boolean value) {
        return new ProcessSettings(handleSignals, value, control);
    }

    public ProcessSettings withControl(ControlSettings value) {
        return new ProcessSettings(handleSignals, endSubprocesses, value);
    }
}
