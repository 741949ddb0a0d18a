package dev.shunt.spring.autoconfigure;

import dev.shunt.Shunt;
import dev.shunt.pool.TaskPool;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the pool before the web server accepts; in a child this is where {@code main} has come to, and nothing that starts
 * later starts there. The end is {@link PoolShutdown}'s, or this one's if that has not come to it.
 */
final class PoolLifecycle implements SmartLifecycle, DisposableBean {

    /** Before web servers and listeners of messages, after what they and tasks need. */
    static final int PHASE = DEFAULT_PHASE - 4096;

    private final TaskPool.Builder builder;
    private final PoolStarter starter;

    PoolLifecycle(TaskPool.Builder builder, PoolStarter starter) {
        this.builder = builder;
        this.starter = starter;
    }

    @Override
    public void start() {
        try {
            starter.start(builder);
        } catch (IllegalStateException e) {
            throw new ShuntStartException(
                    "Tasks cannot be run: " + e.getMessage(),
                    "A child runs the application's main as far as the start of its tasks, without web server, runners and"
                            + " migrations, with profile 'shunt-child': see that it comes so far. For a main that cannot run"
                            + " again set shunt.children.main; for no children at all shunt.in-process=true.",
                    e);
        }
    }

    @Override
    public void stop() {
        builder.pool().close();
    }

    /** After a start that something else has brought to an end. */
    @Override
    public void destroy() {
        if (!Shunt.isChild()) {
            stop();
        }
    }

    @Override
    public boolean isRunning() {
        return builder.pool().isOpen();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
