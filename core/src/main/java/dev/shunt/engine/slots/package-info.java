/**
 * Slots on threads of their own, and one run of a handler on them: the same in the manager and in children.
 */
@NullMarked
package dev.shunt.engine.slots;

import org.jspecify.annotations.NullMarked;
