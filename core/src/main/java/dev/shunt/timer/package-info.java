/** Timers that run actions where they belong. */
@NullMarked
package dev.shunt.timer;

import org.jspecify.annotations.NullMarked;
