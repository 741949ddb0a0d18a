/** Raw Netty, the same version and transport as Shunt's, and as many event loops: what Shunt adds is what it costs. */
@NullMarked
package dev.shunt.benchmarks.netty;

import org.jspecify.annotations.NullMarked;
