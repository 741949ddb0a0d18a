/**
 * What a child does: gives leases to slots and their settlements to the manager. Begin at
 * {@link dev.shunt.engine.child.ChildProcess}.
 */
@NullMarked
package dev.shunt.engine.child;

import org.jspecify.annotations.NullMarked;
