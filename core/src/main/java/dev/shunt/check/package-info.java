/** What a program gives is checked where it is given: the durations, times and counts of all settings, options and calls. */
@NullMarked
package dev.shunt.check;

import org.jspecify.annotations.NullMarked;
