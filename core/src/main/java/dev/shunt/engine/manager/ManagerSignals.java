package dev.shunt.engine.manager;

import dev.shunt.process.Signals;
import dev.shunt.process.StopSignals;
import jdk.jfr.FlightRecorder;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/**
 * What a manager does about signals, if the program leaves them to us. Ctrl+C, SIGTERM and SIGHUP: {@link StopSignals}.
 * SIGUSR1 replaces all children, SIGUSR2 those that run tasks, as in Swoole.
 */
final class ManagerSignals {

    private static final Logger LOG = Log.of(ManagerSignals.class);

    /** What a signal asks for. Not on the main loop. */
    interface Actions extends StopSignals.Program {

        /** Replaces all children, or those that run tasks, one by one. */
        void reload(boolean tasksOnly);
    }

    private final Actions manager;
    private final StopSignals.Membership stop;
    private final Signals.Registration reload;
    private final Signals.Registration reloadTasks;

    private ManagerSignals(Actions manager) {
        this.manager = manager;
        this.stop = StopSignals.forProgram(manager);
        this.reload = Signals.on("USR1", () -> manager.reload(false));
        this.reloadTasks = Signals.on("USR2", this::reloadTasks);
    }

    /** Until it is closed, when the program has ended; none are touched if they are not to be handled. */
    static StopSignals.Membership on(Actions manager, boolean handle) {
        return handle ? new ManagerSignals(manager)::close : () -> {};
    }

    /**
     * The JVM's own flight recorder sends SIGUSR2 to the threads that it samples, many times a second, and each would come
     * here. From the first on it has the signal back.
     */
    private void reloadTasks() {
        if (isRecording()) {
            reloadTasks.close();
            LOG.warn(
                    "SIGUSR2 reloads nothing from now on: the JVM's flight recorder needs that signal. Call reloadTasks(),"
                            + " or start the program with another signal for the JVM, such as _JAVA_SR_SIGNUM=60");
        } else {
            manager.reload(true);
        }
    }

    /** In an image without the module there is no recorder. */
    private static boolean isRecording() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent()
                && FlightRecorder.isInitialized()
                && !FlightRecorder.getFlightRecorder().getRecordings().isEmpty();
    }

    private void close() {
        reload.close();
        reloadTasks.close();
        stop.close();
    }
}
