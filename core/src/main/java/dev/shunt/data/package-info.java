/**
 * What travels between connections, slots and processes: {@link dev.shunt.data.Data} and the
 * {@link dev.shunt.data.Codec} behind it. Imports nothing of ours. The only package that sees Jackson.
 */
@NullMarked
package dev.shunt.data;

import org.jspecify.annotations.NullMarked;
