/**
 * The benchmarks: {@link dev.shunt.benchmarks.Bench} is the command line. {@code load} measures whole programs side by
 * side, with {@code client} as its load generator; the programs are in {@code shunt}, {@code netty}, {@code vertx} and
 * {@code jdk}, and share {@code program}. {@code jmh} measures single mechanisms of Shunt.
 */
@NullMarked
package dev.shunt.benchmarks;

import org.jspecify.annotations.NullMarked;
