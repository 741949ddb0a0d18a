/** The children of a program. */
@NullMarked
package dev.shunt.process;

import org.jspecify.annotations.NullMarked;
