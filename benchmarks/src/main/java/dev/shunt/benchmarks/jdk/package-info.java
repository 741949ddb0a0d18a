/**
 * What the JDK has of its own: a thread for each connection, and children started with {@code ProcessBuilder}, each served
 * by a thread that writes a task to its Unix socket and waits for the result.
 */
@NullMarked
package dev.shunt.benchmarks.jdk;

import org.jspecify.annotations.NullMarked;
