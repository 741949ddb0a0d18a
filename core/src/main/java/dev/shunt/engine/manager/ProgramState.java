package dev.shunt.engine.manager;

/** How far a program is, for whoever looks from outside. Safe for use by any thread. */
final class ProgramState {

    private final ManagerParts parts;
    private final Shutdown shutdown;
    private final GracefulStop graceful;
    private volatile boolean started;

    ProgramState(ManagerParts parts, Shutdown shutdown, GracefulStop graceful) {
        this.parts = parts;
        this.shutdown = shutdown;
        this.graceful = graceful;
    }

    /** It serves. */
    void started() {
        started = true;
    }

    boolean isRunning() {
        return name().equals("running");
    }

    String name() {
        if (shutdown.hasBegun()) {
            return "stopping";
        }
        if (!started) {
            return "starting";
        }
        boolean drains = graceful.hasBegun()
                || (!parts.anyTasks().isEmpty()
                        && parts.anyTasks().all().stream().allMatch(Tasks::isDraining));
        return drains ? "draining" : "running";
    }
}
