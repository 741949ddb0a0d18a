@NullMarked
package dev.shunt.opentelemetry;

import org.jspecify.annotations.NullMarked;
