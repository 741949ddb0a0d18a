/**
 * Meters of a program. {@link dev.shunt.micrometer.Series} says what there is of one moment, {@link
 * dev.shunt.micrometer.ShuntMeters} keeps a registry in step with it, and {@link dev.shunt.micrometer.PrometheusFormat} is
 * {@code /metrics}. All of it is in the manager; a child loads nothing of it.
 */
@NullMarked
package dev.shunt.micrometer;

import org.jspecify.annotations.NullMarked;
