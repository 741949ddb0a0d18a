package dev.shunt.dispatch;

/**
 * What a dispatcher had between two of its steps; immutable, so that its owner can show it to other threads.
 *
 * @param queued tasks that wait for their time, their turn or a slot, here or prefetched by a child
 * @param delayed of these, those that are not due, before their first attempt or a further one
 * @param ready of these, those that any slot may run, that no child has been given
 * @param running leases that slots can be running, of tasks and events
 * @param idleSlots of children that serve: those which nothing was given for
 * @param retried attempts that were followed by another one, since the start
 */
public record DispatcherCounts(int queued, int delayed, int ready, int running, int idleSlots, long retried) {}
