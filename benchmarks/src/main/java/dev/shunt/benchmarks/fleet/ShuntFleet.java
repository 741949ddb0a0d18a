package dev.shunt.benchmarks.fleet;

import dev.shunt.pool.TaskPool;
import dev.shunt.postgres.PostgresTaskQueue;
import dev.shunt.task.Durability;
import dev.shunt.task.TaskOptions;
import java.util.ArrayList;
import java.util.List;

/** Each task is flushed before it counts as submitted, and over when its result is back at the first node. */
final class ShuntFleet implements Fleet {

    private static final TaskOptions SYNC = TaskOptions.DEFAULT.durability(Durability.SYNC);

    private final List<TaskPool> nodes = new ArrayList<>();

    ShuntFleet(String url, int count) {
        for (int i = 1; i <= count; i++) {
            nodes.add(TaskPool.builder("node-" + i)
                    .slots(4)
                    .inProcess()
                    .taskQueue(PostgresTaskQueue.at(url).name("node-" + i))
                    .onTask(task -> task.data().size())
                    .start());
        }
    }

    @Override
    public void submit(List<String> payloads, Runnable done) {
        payloads.forEach(payload -> nodes.getFirst().task(payload, SYNC, _ -> done.run()));
    }

    @Override
    public void close() {
        nodes.forEach(TaskPool::close);
    }
}
