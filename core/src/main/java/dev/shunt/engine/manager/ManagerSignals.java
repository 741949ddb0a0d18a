package dev.shunt.engine.manager;

import dev.shunt.process.Signals;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.FlightRecorder;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/**
 * What a manager does about signals. Ctrl+C and SIGTERM: the first begins an orderly stop, a second one kills at once; an
 * orderly stop that takes far longer than its deadline, because an event loop is stuck, ends by force as well. SIGUSR1
 * replaces all children, SIGUSR2 those that run tasks, as in Swoole.
 */
final class ManagerSignals implements AutoCloseable {

    private static final Logger LOG = Log.of(ManagerSignals.class);

    /** What a signal asks for. Not on the main loop. */
    interface Actions {

        /** Begins to stop in order. */
        void shutdown();

        /** Waits for an orderly stop, and ends the process if it does not come. */
        void killUnlessStoppedInTime();

        /** Ends everything at once. */
        void kill();

        /** Replaces all children, or those that run tasks, one by one. */
        void reload(boolean tasksOnly);
    }

    private final Actions manager;
    private final AtomicInteger count = new AtomicInteger();
    private final Signals.Registration interrupt;
    private final Signals.Registration terminate;
    private final Signals.Registration reload;
    private final Signals.Registration reloadTasks;

    private ManagerSignals(Actions manager) {
        this.manager = manager;
        this.interrupt = Signals.on("INT", this::stop);
        this.terminate = Signals.on("TERM", this::stop);
        this.reload = Signals.on("USR1", () -> manager.reload(false));
        this.reloadTasks = Signals.on("USR2", this::reloadTasks);
    }

    static ManagerSignals on(Actions manager) {
        return new ManagerSignals(manager);
    }

    private void stop() {
        if (count.incrementAndGet() == 1) {
            manager.shutdown();
            Thread.ofPlatform().daemon().name("shunt-stop").start(manager::killUnlessStoppedInTime);
        } else {
            manager.kill();
        }
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

    @Override
    public void close() {
        interrupt.close();
        terminate.close();
        reload.close();
        reloadTasks.close();
    }
}
