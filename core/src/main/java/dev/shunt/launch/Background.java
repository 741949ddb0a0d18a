package dev.shunt.launch;

import dev.shunt.engine.Engine;
import dev.shunt.plan.Plan;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Programs that run beside whoever starts them: on a thread of their own, which keeps the process alive as those of an
 * executor do.
 */
public final class Background {

    private Background() {}

    /**
     * Runs the plan and returns when it serves. In a child of this program it never returns, and the process exits instead;
     * in a child of another one it returns at once, and nothing runs.
     *
     * @param onEngine given the engine of this process before any handler runs
     * @param serving completed by the plan's hooks when it serves
     * @param ended completed when it has ended, or failed to start
     * @return false if it does not run here
     * @throws IllegalStateException if it cannot start; says why and what to do
     */
    public static boolean run(
            Plan plan,
            Start start,
            Consumer<Engine> onEngine,
            CompletableFuture<Void> serving,
            CompletableFuture<Void> ended) {
        if (Launch.isChild() && !Launch.isChildOf(start)) {
            return false;
        }
        if (Launch.isChild()) {
            Launch.run(plan, start, onEngine);
        }
        Launch.refuseWhereMainDoesNotCome(plan, start);
        Thread.ofPlatform().daemon(false).name("shunt of " + start).start(() -> {
            try {
                Launch.run(plan, start, onEngine);
                serving.completeExceptionally(new IllegalStateException(start + " was stopped before it served"));
            } catch (RuntimeException | Error e) {
                serving.completeExceptionally(e);
            } finally {
                ended.complete(null);
            }
        });
        await(serving);
        return true;
    }

    private static void await(CompletableFuture<Void> serving) {
        try {
            serving.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IllegalStateException problem -> throw new IllegalStateException(problem.getMessage(), problem);
                case RuntimeException problem -> throw problem;
                case Error problem -> throw problem;
                case null, default -> throw e;
            }
        }
    }
}
