/** Shunt's programs, each written as a user would write it, through the public faces only. */
@NullMarked
package dev.shunt.benchmarks.shunt;

import org.jspecify.annotations.NullMarked;
