/**
 * The face for programs that have a main of their own: a pool of task slots in child processes. Read {@link
 * dev.shunt.pool.TaskPool} first.
 */
@NullMarked
package dev.shunt.pool;

import org.jspecify.annotations.NullMarked;
