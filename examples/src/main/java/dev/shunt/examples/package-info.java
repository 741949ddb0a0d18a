/** What the examples share, so that each program shows its idea and little else. */
@NullMarked
package dev.shunt.examples;

import org.jspecify.annotations.NullMarked;
