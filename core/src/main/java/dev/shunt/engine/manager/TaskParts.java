package dev.shunt.engine.manager;

import dev.shunt.engine.TaskIds;
import dev.shunt.plan.Plan;
import dev.shunt.time.Clock;

/**
 * What the tasks of all groups share.
 *
 * @param nobody where results go if whoever asked is gone
 */
record TaskParts(
        Plan plan,
        TaskIds ids,
        Journal journal,
        Payloads payloads,
        Origin.Here nobody,
        Callers.ToChild toChild,
        Clock clock) {}
