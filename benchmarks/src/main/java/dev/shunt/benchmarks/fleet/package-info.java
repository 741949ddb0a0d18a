/** Nodes that share tasks in one PostgreSQL: Shunt's, db-scheduler's, and a loop with {@code SKIP LOCKED}. */
@NullMarked
package dev.shunt.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
