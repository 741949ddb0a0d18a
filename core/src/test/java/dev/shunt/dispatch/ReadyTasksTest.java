package dev.shunt.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.task.Priority;
import dev.shunt.task.TaskOptions;
import java.util.EnumMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReadyTasksTest {

    private static final List<Priority> LEVELS = List.of(Priority.values());

    /** Each of the levels above LOW is served 4, 16 and 64 times for each time that LOW is, or once more. */
    private static final int LONGEST_WAIT = 4 + 16 + 64 + 3;

    @Test
    void randomArrivals_noLevelWaitsLongerThanItsShare() {
        for (int seed = 0; seed < 50; seed++) {
            var random = new SplittableRandom(seed);
            var ready = new ReadyTasks<Priority>();
            var waiting = new EnumMap<Priority, Integer>(Priority.class);
            var passedOver = new EnumMap<Priority, Integer>(Priority.class);
            for (int step = 0; step < 5_000; step++) {
                if (random.nextInt(100) < 55) {
                    var priority = LEVELS.get(random.nextInt(LEVELS.size()));
                    ready.add(Work.task(priority, RunPolicy.of(TaskOptions.DEFAULT.priority(priority), false, 0, 0)));
                    waiting.merge(priority, 1, Integer::sum);
                } else {
                    var next = ready.poll();
                    if (next == null) {
                        assertThat(waiting.values()).allMatch(count -> count == 0);
                        continue;
                    }
                    waiting.merge(next.item(), -1, Integer::sum);
                    passedOver.put(next.item(), 0);
                    waiting.forEach((priority, count) -> {
                        if (priority != next.item() && count > 0) {
                            passedOver.merge(priority, 1, Integer::sum);
                        }
                    });
                    assertThat(passedOver.values()).as("seed %d", seed).allMatch(times -> times <= LONGEST_WAIT);
                }
            }
        }
    }
}
