/** Traces that go with tasks: {@link dev.shunt.opentelemetry.ShuntTracing}. */
@NullMarked
package dev.shunt.opentelemetry;

import org.jspecify.annotations.NullMarked;
