/**
 * A program's command line in Workerman's words: {@code Shunt.command(args, server::start)}. {@code Words} reads it,
 * {@code Command} does it, for which it finds and asks the program that runs by {@code remote}.
 */
@NullMarked
package dev.shunt.command;

import org.jspecify.annotations.NullMarked;
