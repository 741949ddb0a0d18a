/** Single mechanisms of Shunt, by JMH. They say where time could be saved, not how fast a program is; {@code load} does. */
@NullMarked
package dev.shunt.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
