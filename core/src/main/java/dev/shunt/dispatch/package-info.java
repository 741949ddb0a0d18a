/**
 * Which work runs where, when, and again: a pure state machine, one per group, without threads, I/O or any clock but the
 * one it is given. Its single owner steps it; what is to be done comes out through {@code Effects}.
 *
 * <pre>
 *   submit ──► UniqueKeys ──► Delays ──► OrderingKeys ──► Leasing ──lease──► leased ──settled──► over
 *                               ▲                           ▲                  │  ▲
 *                               │                           └─── taken back ───┤  └ Overtime interrupts
 *                               └──────── Retries: failed or lost ─────────────┘
 * </pre>
 *
 * Each part owns the state of its step and is told when a work is over; {@code Dispatcher} leads a work from one to the
 * next. Events of connections go through {@code EventSequences} instead of the gates.
 *
 * <p>Read {@link dev.shunt.dispatch.Dispatcher}, then {@link dev.shunt.dispatch.Work}, {@code Leasing} and
 * {@code Overtime}.
 */
@NullMarked
package dev.shunt.dispatch;

import org.jspecify.annotations.NullMarked;
