/** The port over which nodes of a fleet speak to each other. Imports nothing of ours. */
@NullMarked
package dev.shunt.bus;

import org.jspecify.annotations.NullMarked;
