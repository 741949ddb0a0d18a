/** The examples and the demo as processes, started as {@code ./shunt} starts them; their classes have no package. */
@NullMarked
package dev.shunt.tests.examples;

import org.jspecify.annotations.NullMarked;
