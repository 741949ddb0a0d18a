package dev.shunt.engine;

import dev.shunt.process.Signals;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ctrl+C and SIGTERM: the first begins an orderly stop, a second one kills at once. A stop that takes far longer than its
 * deadline, because an event loop is stuck, is ended by force as well.
 */
final class StopSignals implements AutoCloseable {

    private final ManagerProcess manager;
    private final AtomicInteger count = new AtomicInteger();
    private final AutoCloseable interrupt;
    private final AutoCloseable terminate;
}
