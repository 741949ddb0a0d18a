package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.plan.ProcessHandler;

/**
 * What can be said before the program starts about the life of its processes.
 *
 * @param <S> the face, which every declaration returns
 */
public interface ProcessDeclarations<S> {

    /** For this package. */
    FaceState<S> state();

    /**
     * Once in each process that has workers, before any of them starts: the place for a pool of connections to a database. It
     * may wait; what it throws ends the start. Of several faces of a program, those with workers in that process.
     */
    default S onProcessStart(ProcessHandler callback) {
        state().listening("onProcessStart").processStart = Check.given("onProcessStart", callback);
        return state().self();
    }

    /**
     * In the manager, when the program is about to stop and still accepts connections: the place to leave a registry. It may
     * wait as long as a stop may take ({@code maxWaitTime}); then the stop goes on.
     */
    default S onBeforeShutdown(ProcessHandler callback) {
        state().listening("onBeforeShutdown").beforeShutdown = Check.given("onBeforeShutdown", callback);
        return state().self();
    }

    /** In the manager, before a reload replaces the first child. What it throws is logged, and the reload goes on. */
    default S onBeforeReload(ProcessHandler callback) {
        state().listening("onBeforeReload").beforeReload = Check.given("onBeforeReload", callback);
        return state().self();
    }

    /** In the manager, when a reload has no child left to replace. */
    default S onAfterReload(ProcessHandler callback) {
        state().listening("onAfterReload").afterReload = Check.given("onAfterReload", callback);
        return state().self();
    }
}
