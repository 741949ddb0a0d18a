/**
 * What shall run, as immutable records. A face builds a {@link dev.shunt.plan.Plan}, the engine runs it.
 *
 * <pre>
 *   Plan ─┬─ Group     slots, where they run, what they do when they start or get a task
 *         ├─ Listener  endpoint, protocol, handlers, the group that runs them
 *         ├─ Settings  numbers for the whole program
 *         └─ Hooks     callbacks of the whole program
 *   Shape: the plan without its lambdas, compared between manager and child
 * </pre>
 */
@NullMarked
package dev.shunt.plan;

import org.jspecify.annotations.NullMarked;
