/**
 * What the manager does: groups with their dispatchers, tasks, connections, children, reload and stop. Begin at
 * {@link dev.shunt.engine.manager.ManagerProcess}.
 */
@NullMarked
package dev.shunt.engine.manager;

import org.jspecify.annotations.NullMarked;
