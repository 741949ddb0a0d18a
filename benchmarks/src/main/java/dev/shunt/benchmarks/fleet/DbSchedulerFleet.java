package dev.shunt.benchmarks.fleet;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** db-scheduler as its documentation has it for throughput: lock and fetch, a pool of connections, tasks in batches. */
final class DbSchedulerFleet implements Fleet {

    private static final String TABLE = """
            create table if not exists scheduled_tasks(task_name text not null, task_instance text not null, task_data bytea,
              execution_time timestamptz not null, picked boolean not null, picked_by text, last_success timestamptz,
              last_failure timestamptz, consecutive_failures int, last_heartbeat timestamptz, version bigint not null,
              priority smallint, primary key(task_name, task_instance));
            create index if not exists execution_time_idx on scheduled_tasks(execution_time);
            create index if not exists last_heartbeat_idx on scheduled_tasks(last_heartbeat);
            truncate scheduled_tasks""";

    private final List<Scheduler> nodes = new ArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final OneTimeTask<String> work;
    private volatile Runnable over = () -> {};

    DbSchedulerFleet(DataSource database, int count) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        work = Tasks.oneTime("work", String.class).execute((_, _) -> over.run());
        for (int i = 1; i <= count; i++) {
            var node = Scheduler.create(database, work)
                    .schedulerName(new SchedulerName.Fixed("node-" + i))
                    .threads(4)
                    .pollUsingLockAndFetch(4, 20)
                    .pollingInterval(Duration.ofMillis(50))
                    .build();
            node.start();
            nodes.add(node);
        }
    }

    @Override
    public void submit(List<String> payloads, Runnable done) {
        over = done;
        for (int from = 0; from < payloads.size(); from += 500) {
            var batch = payloads.subList(from, Math.min(payloads.size(), from + 500)).stream()
                    .<TaskInstance<?>>map(payload -> work.instance(Long.toString(ids.incrementAndGet()), payload))
                    .toList();
            nodes.getFirst().scheduleBatch(batch, Instant.now());
        }
    }

    @Override
    public void close() {
        nodes.forEach(Scheduler::stop);
    }
}
