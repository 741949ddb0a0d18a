/**
 * Whole programs side by side, each a process of its own.
 *
 * <pre>
 *   Scenarios ── what there is to run: a Scenario has Cases, a Case has parameters, Contenders and a Measurement
 *       ▼
 *   Rounds ───── starts the contenders of a case and measures them in turn: A, B, A, B, …
 *       │            └─ Started ── Program ── Processes: what runs, and that nothing stays behind
 *       ▼
 *   Result ───── median, minimum and maximum ──► Report, as a table or JSON
 * </pre>
 */
@NullMarked
package dev.shunt.benchmarks.load;

import org.jspecify.annotations.NullMarked;
