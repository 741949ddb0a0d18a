package dev.shunt.engine;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;

/** A call into the program's own code, which may throw anything. */
@FunctionalInterface
public interface ProgramCode {

    void run() throws Throwable;

    /** Runs it; what it throws is logged, and the thread goes on. */
    static void guarded(String what, ProgramCode code) {
        try {
            code.run();
        } catch (Throwable e) { // the program's own code
            FatalErrors.letOn(e);
            Log.of(ProgramCode.class).error("{} threw", what, e);
        }
    }
}
