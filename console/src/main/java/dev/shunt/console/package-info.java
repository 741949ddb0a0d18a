/** The page for whoever runs a program: static files that speak the control API, and nothing else. */
@NullMarked
package dev.shunt.console;

import org.jspecify.annotations.NullMarked;
