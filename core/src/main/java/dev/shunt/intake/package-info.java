/**
 * A task until it may run: a pure state machine, one per group of task slots, without threads, I/O or any clock but the one
 * it is given. Its single owner steps it; it asks for what takes time through two ports, and hands over through a third.
 *
 * <pre>
 *                       ┌── room ── stored ── due ── its turn ──┐
 *   accept, revive ──►  │               Intake                  │ ──► Handover: enters dispatch, or is over
 *                       └────┬───────────────────────────┬──────┘
 *                            ▼                           ▼
 *                    Store: append, read        Alarms: due, out of time
 * </pre>
 *
 * Read {@link dev.shunt.intake.Pending}, {@link dev.shunt.intake.Intake}, {@link dev.shunt.intake.Handover}, then
 * {@code Backlog}, which says when what the store has alone is read.
 */
@NullMarked
package dev.shunt.intake;

import org.jspecify.annotations.NullMarked;
