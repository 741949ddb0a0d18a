package dev.shunt.engine;

import dev.shunt.process.Signals;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ctrl+C and SIGTERM: the first begins an orderly stop, a second one kills at once. An orderly stop that takes far longer
 * than its deadline, because an event loop is stuck, ends by force as well.
 */
final class StopSignals implements AutoCloseable {

    private final ManagerProcess manager;
    private final AtomicInteger count = new AtomicInteger();
    private final Signals.Registration interrupt;
    private final Signals.Registration terminate;

    private StopSignals(ManagerProcess manager) {
        this.manager = manager;
        this.interrupt = Signals.on("INT", this::received);
        this.terminate = Signals.on("TERM", this::received);
    }

    static StopSignals on(ManagerProcess manager) {
        return new StopSignals(manager);
    }

    private void received() {
        if (count.incrementAndGet() == 1) {
            manager.shutdown();
            Thread.ofPlatform().daemon().name("shunt-stop").start(manager::killUnlessStoppedInTime);
        } else {
            manager.kill();
        }
    }

    @Override
    public void close() {
        interrupt.close();
        terminate.close();
    }
}
