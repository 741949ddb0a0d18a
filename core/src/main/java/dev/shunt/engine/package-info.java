/**
 * The door to what runs, {@link dev.shunt.engine.Engine}, and what the manager and its children share of it. Above are
 * {@code engine.slots}, threads that run leases; {@code engine.manager} and {@code engine.child}, one for each kind of
 * process.
 */
@NullMarked
package dev.shunt.engine;

import org.jspecify.annotations.NullMarked;
