/**
 * The vocabulary of tasks: {@link dev.shunt.task.Task} for the handler, {@link dev.shunt.task.Result} for the caller,
 * {@link dev.shunt.task.TaskOptions} between them; and {@link dev.shunt.task.TaskLog}, where tasks are kept that must
 * outlive processes.
 */
@NullMarked
package dev.shunt.task;

import org.jspecify.annotations.NullMarked;
