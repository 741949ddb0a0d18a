/**
 * Wires everything: runs a {@link dev.shunt.plan.Plan} in a manager and its children.
 * {@link dev.shunt.engine.Engine} is the one door.
 */
@NullMarked
package dev.shunt.engine;

import org.jspecify.annotations.NullMarked;
