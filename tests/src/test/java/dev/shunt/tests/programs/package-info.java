/**
 * Programs that the tests run as processes, written as a user would write them. They do what clients tell them in lines of
 * text, {@code VERB REST}, so that one program serves many tests; what they have to say about callbacks they print.
 */
@NullMarked
package dev.shunt.tests.programs;

import org.jspecify.annotations.NullMarked;
