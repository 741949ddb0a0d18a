package dev.shunt.spring.autoconfigure;

import dev.shunt.pool.TaskPool;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Ends the pool in order: when the web server takes no more requests and has answered those it has, before it stops. */
final class PoolShutdown implements SmartLifecycle {

    /** Between Spring Boot's graceful shutdown of a web server (1024) and its stop (2048). */
    static final int PHASE = DEFAULT_PHASE - 1536;

    private static final Logger LOG = LoggerFactory.getLogger("dev.shunt.spring");

    private final TaskPool pool;
    private final Duration needed;
    private final Duration timeout;
    private volatile boolean running;

    /**
     * @param needed at most, for an end in order
     * @param timeout how long Spring waits for it
     */
    PoolShutdown(TaskPool pool, Duration needed, Duration timeout) {
        this.pool = pool;
        this.needed = needed;
        this.timeout = timeout;
    }

    @Override
    public void start() {
        running = true;
        if (needed.compareTo(timeout) > 0) {
            LOG.warn(
                    "the tasks may need {} s to end in order (shunt.drain-timeout and shunt.stop-timeout), and Spring waits for"
                            + " {} s: raise spring.lifecycle.timeout-per-shutdown-phase, or lower those",
                    needed.toSeconds(),
                    timeout.toSeconds());
        }
    }

    @Override
    public void stop() {
        pool.close();
        running = false;
    }

    @Override
    public void stop(Runnable callback) {
        Thread.ofPlatform().name("shunt-shutdown").start(() -> {
            try {
                stop();
            } finally {
                callback.run();
            }
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
