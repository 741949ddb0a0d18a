package dev.shunt.spring.autoconfigure;

import dev.shunt.pool.TaskPool;
import dev.shunt.spring.ShuntTasks;
import dev.shunt.task.Result;
import dev.shunt.task.TaskBatch;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskOptions;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;

/** Tasks of a pool, each with the options that its method and the properties say. */
record PoolTasks(TaskPool pool, TaskMethods methods, TaskOptions general) implements ShuntTasks {

    @Override
    public TaskHandle submit(Object task) {
        return pool.submit(task, options(task.getClass()));
    }

    @Override
    public TaskHandle submit(Object task, TaskOptions options) {
        return pool.submit(task, options);
    }

    @Override
    public TaskBatch submitAll(List<?> tasks) {
        return new TaskBatch(tasks.stream().map(this::submit).toList());
    }

    @Override
    public Result await(Object task) throws InterruptedException {
        return submit(task).await();
    }

    @Override
    public TaskOptions options(Class<?> type) {
        var method = methods.handler(type);
        if (method == null) {
            return general;
        }
        var said = method.annotation();
        var options = said.retries() == 0 ? general : general.retries(said.retries());
        return said.timeout().isEmpty() ? options : options.timeout(DurationStyle.detectAndParse(said.timeout()));
    }
}
