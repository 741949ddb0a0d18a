/**
 * Raw Netty, the same version and native transport as Shunt's, and as many event loops. One thing differs: Shunt's
 * loops look for a moment before they sleep, these sleep at once, as Netty's do unless told otherwise. So where loops
 * run out of work a difference is not only what Shunt adds.
 */
@NullMarked
package dev.shunt.benchmarks.netty;

import org.jspecify.annotations.NullMarked;
