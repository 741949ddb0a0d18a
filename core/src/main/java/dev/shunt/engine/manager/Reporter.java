package dev.shunt.engine.manager;

/** The run of a handler that has said something, wherever it is. */
@FunctionalInterface
interface Reporter {

    /** On the main loop: whether it shall wait before it says more, for what it has said waits to be heard. */
    void hold(boolean yes);
}
