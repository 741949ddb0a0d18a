/** Counters and what they add up to. Imports nothing of ours. */
@NullMarked
package dev.shunt.stats;

import org.jspecify.annotations.NullMarked;
