package dev.shunt.calls;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.log.Log;
import dev.shunt.plan.ProcessHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What a program's own process runs: on a thread beside its slot, which goes on with timers and messages. It is interrupted
 * when the process stops, and begins again a second after it has ended.
 */
public final class OwnProcess {

    private static final Logger LOG = Log.of(OwnProcess.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofSeconds(1);

    private final String name;
    private final ProcessHandler code;
    private @Nullable Thread thread;
    private volatile boolean stopping;

    public OwnProcess(String name, ProcessHandler code) {
        this.name = name;
        this.code = code;
    }

    /** On its slot. */
    public void start() {
        var current = CurrentEngine.get();
        thread = Thread.ofPlatform()
                .daemon()
                .name("shunt-process-" + name)
                .start(() -> run(() -> current.engine()
                        .schedule(AGAIN, false, () -> current.executor().execute(this::again))));
    }

    private void again() {
        if (!stopping) {
            start();
        }
    }

    private void run(Runnable then) {
        try {
            code.run();
            LOG.info("process {} has come to its end; it begins again in {} ms", name, AGAIN.toMillis());
        } catch (InterruptedException e) {
            LOG.debug("process {} is interrupted", name, e);
        } catch (Throwable e) { // the program's own code
            if (!stopping) {
                LOG.error("process {} threw; it begins again in {} ms", name, AGAIN.toMillis(), e);
            }
        }
        if (!stopping) {
            then.run();
        }
    }

    /** On its slot. */
    public void stop() throws InterruptedException {
        stopping = true;
        var running = thread;
        if (running != null) {
            running.interrupt();
            running.join(LAST);
        }
    }
}
