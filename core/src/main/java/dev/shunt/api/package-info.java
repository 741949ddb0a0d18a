/** Marks of what programs may use. Imports nothing of ours. */
@NullMarked
package dev.shunt.api;

import org.jspecify.annotations.NullMarked;
