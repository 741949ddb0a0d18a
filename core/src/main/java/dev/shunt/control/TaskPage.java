package dev.shunt.control;

import java.util.List;

/**
 * Some of the tasks in memory.
 *
 * @param total how many there are of those that match
 * @param storedOnly how many the log has alone, which are not listed
 */
public record TaskPage(List<TaskInfo> tasks, int page, int size, long total, long storedOnly) {}
