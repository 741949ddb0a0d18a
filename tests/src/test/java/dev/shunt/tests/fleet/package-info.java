/** The same program on several nodes, which share their tasks in a PostgreSQL. */
@NullMarked
package dev.shunt.tests.fleet;

import org.jspecify.annotations.NullMarked;
