package dev.shunt.engine.manager;

import org.jspecify.annotations.Nullable;

/** Takes the durable tasks in that nodes share, in place of a group's own intake. On the main loop. */
interface SharedIntake {

    /** @param taken as in {@link Tasks#submit} */
    void offer(Tasks tasks, TaskItem item, @Nullable Runnable taken);
}
