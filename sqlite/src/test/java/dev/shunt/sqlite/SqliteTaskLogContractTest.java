package dev.shunt.sqlite;

import dev.shunt.task.Durability;
import dev.shunt.task.TaskLog;
import dev.shunt.testkit.TaskLogContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteTaskLogContractTest extends TaskLogContract {

    @TempDir
    Path directory;

    @Override
    protected TaskLog open() throws IOException {
        return SqliteTaskLog.at(directory.resolve("tasks.db")).open();
    }

    @Override
    protected Durability strongest() {
        return Durability.SYNC;
    }
}
