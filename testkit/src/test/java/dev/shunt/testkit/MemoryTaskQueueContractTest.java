package dev.shunt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.task.Outcome;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue;
import dev.shunt.task.TaskQueue.Kind;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every task queue keeps, by the one in memory. */
class MemoryTaskQueueContractTest extends TaskQueueContract {

    private final MemoryTaskQueue queue = new MemoryTaskQueue();

    @Override
    protected TaskQueue.Opener opener(String name) {
        return queue.as(name);
    }

    @AfterEach
    void end() {
        queue.close();
    }

    @Test
    void taskThatFiveNodesAreGoneWith_isADeadLetter() throws IOException {
        var asker = new QueueNode(queue.as("asker"), new Kind("of none", Optional.empty()));
        asker.offer(7, "deadly", TaskOptions.DEFAULT);
        for (int i = 0; i < 5; i++) {
            var victim = new QueueNode(queue.as("victim"), new Kind("deadly", Optional.empty()));
            assertThat(victim.claim().deaths()).isEqualTo(i);
            queue.kill("victim");
        }
        assertThat(asker.ended().outcome()).isEqualTo(Outcome.LOST);
        assertThat(asker.queue().dead(7)).isPresent();
        assertThat(queue.size()).isZero();
        asker.close();
    }
}
