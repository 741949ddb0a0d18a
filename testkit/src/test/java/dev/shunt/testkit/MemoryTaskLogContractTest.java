package dev.shunt.testkit;

import dev.shunt.task.Durability;
import dev.shunt.task.MemoryTaskLog;
import dev.shunt.task.TaskLog;

/** Here and not beside the class, for {@code core} cannot see the contract. */
class MemoryTaskLogContractTest extends TaskLogContract {

    @Override
    protected TaskLog open() {
        return new MemoryTaskLog();
    }

    @Override
    protected Durability strongest() {
        return Durability.MEMORY;
    }
}
