/**
 * Starts a process as what it is, a manager or a child: above the engine, below the faces.
 */
@NullMarked
package dev.shunt.launch;

import org.jspecify.annotations.NullMarked;
