/** Clocks: the only package that reads the time. Imports nothing of ours. */
@NullMarked
package dev.shunt.time;

import org.jspecify.annotations.NullMarked;
