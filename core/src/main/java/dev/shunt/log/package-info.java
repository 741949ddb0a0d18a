/**
 * What the library says. Alone asks SLF4J for loggers: what of a client's bytes gets into a message is escaped, and
 * warnings and errors of a program without a logger reach standard error.
 */
@NullMarked
package dev.shunt.log;

import org.jspecify.annotations.NullMarked;
