package dev.shunt.plan;

/**
 * Runs one thing at a time; what Swoole and Workerman call a worker.
 *
 * @param id unique in the program and stable over restarts: connection groups first, then task groups
 * @param index 0 to the group's slots - 1
 */
public record Slot(String group, int id, int index) {}
