package dev.shunt.engine;

import dev.shunt.process.Signals;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a manager does about signals. Ctrl+C and SIGTERM: the first begins an orderly stop, a second one kills at once; an
 * orderly stop that takes far longer than its deadline, because an event loop is stuck, ends by force as well. SIGUSR1
 * replaces all children, as in Swoole and Workerman.
 */
final class ManagerSignals implements AutoCloseable {

    private final ManagerProcess manager;
    private final AtomicInteger count = new AtomicInteger();
    private final Signals.Registration interrupt;
    private final Signals.Registration terminate;
    private final Signals.Registration reload;

    private ManagerSignals(ManagerProcess manager) {
        this.manager = manager;
        this.interrupt = Signals.on("INT", this::stop);
        this.terminate = Signals.on("TERM", this::stop);
        this.reload = Signals.on("USR1", manager::reload);
    }

    static ManagerSignals on(ManagerProcess manager) {
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

    @Override
    public void close() {
        interrupt.close();
        terminate.close();
        reload.close();
    }
}
