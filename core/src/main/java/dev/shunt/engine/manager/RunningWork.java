package dev.shunt.engine.manager;

import dev.shunt.dispatch.Work;

/**
 * What a slot runs now.
 *
 * @param slot of the group
 * @param pid of the process that the slot is in
 * @param nanos since it started
 */
record RunningWork<P>(Work<P> work, int slot, long pid, int attempt, long nanos) {}
