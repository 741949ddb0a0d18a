package dev.shunt.testkit;

/** What ends a handler whose process has died. */
final class ProcessDied extends Error {

    private static final long serialVersionUID = 1L;

    ProcessDied() {
        super("the process of this handler has died", null, false, false);
    }
}
