/**
 * Vert.x 5, the other way to keep an event loop free on the JVM. Its workers are threads of the same process: a payload is
 * handed over as a reference, and nothing is isolated.
 */
@NullMarked
package dev.shunt.benchmarks.vertx;

import org.jspecify.annotations.NullMarked;
