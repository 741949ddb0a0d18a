package dev.shunt.spring.autoconfigure;

import dev.shunt.pool.TaskPool;
import dev.shunt.stats.Stats;
import dev.shunt.task.DeadTask;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The actuator's endpoint {@code shunt}: GET the numbers, or {@code dead} for dead letters; POST the id of a dead letter to run
 * it again; DELETE it to forget it.
 */
@Endpoint(id = "shunt")
final class ShuntEndpoint {

    private static final int MOST_DEAD = 1_000;
    private static final String DEAD = "dead";

    /** A dead letter, without its payload: that may be anything, and is not for everybody. */
    record Dead(long id, String type, int attempts, String outcome, String problem) {}

    private final TaskPool pool;

    ShuntEndpoint(TaskPool pool) {
        this.pool = pool;
    }

    @ReadOperation
    Stats stats() {
        return pool.stats();
    }

    @ReadOperation
    List<Dead> dead(@Selector String what) {
        if (!what.equals(DEAD)) {
            throw new IllegalArgumentException("ask for shunt or shunt/dead, not shunt/" + what);
        }
        return now(pool.deadTasks(-1, MOST_DEAD)).stream()
                .map(ShuntEndpoint::dead)
                .toList();
    }

    @WriteOperation
    Map<String, Boolean> rerun(@Selector String id) {
        return Map.of("rerun", now(pool.rerunDeadTask(Long.parseLong(id))));
    }

    @DeleteOperation
    Map<String, Boolean> discard(@Selector String id) {
        return Map.of("discarded", now(pool.discardDeadTask(Long.parseLong(id))));
    }

    private static <T> T now(CompletionStage<T> answer) {
        return answer.toCompletableFuture().join();
    }

    private static Dead dead(DeadTask task) {
        return new Dead(task.id(), task.task().type(), task.task().attempts(), task.outcome(), task.reason());
    }
}
