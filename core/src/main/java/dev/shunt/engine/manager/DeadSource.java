package dev.shunt.engine.manager;

import dev.shunt.task.DeadTask;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Where dead letters are. Each call may wait for the disk or the network. */
interface DeadSource {

    /** In the order of their ids. */
    void each(Consumer<DeadFact> each) throws IOException;

    Optional<DeadTask> one(long id) throws IOException;

    /** Those of these that are here, one after the other: together they may be more than fits into memory. */
    void some(List<Long> ids, Consumer<DeadTask> each) throws IOException;
}
