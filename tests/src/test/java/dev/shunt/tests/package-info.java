/**
 * Programs as real processes: what the engine promises, through both faces, in every placement, and when things go wrong.
 * The programs are in {@code programs}; each test class starts what it needs and shares it where that does no harm.
 */
@NullMarked
package dev.shunt.tests;

import org.jspecify.annotations.NullMarked;
