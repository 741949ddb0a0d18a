/** What the contenders' programs share, so that they do the same work: what a task does, and how it is measured inside. */
@NullMarked
package dev.shunt.benchmarks.program;

import org.jspecify.annotations.NullMarked;
