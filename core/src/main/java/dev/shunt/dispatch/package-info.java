/**
 * Which work runs where, when, and again: a pure state machine, one per group, without threads, I/O or any clock but the
 * one it is given. Its single owner steps it; what is to be done comes out through {@code Effects}.
 *
 * <pre>
 *   submit ──► waiting ──lease──► leased ──settled──► ended
 *                 ▲  ▲               │
 *                 │  └─ taken back, child died before it started
 *                 └── delayed ◄── failed or lost, and retries are left
 * </pre>
 *
 * Read {@link dev.shunt.dispatch.Dispatcher}, then {@link dev.shunt.dispatch.Work} and {@link dev.shunt.dispatch.Sequence}.
 */
@NullMarked
package dev.shunt.dispatch;

import org.jspecify.annotations.NullMarked;
