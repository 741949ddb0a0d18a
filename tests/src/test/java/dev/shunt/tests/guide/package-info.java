/**
 * The code of README and of the pages in {@code docs}: {@link dev.shunt.tests.guide.PagesTest} finds each block here, in an
 * example or in another test, and what is here runs.
 */
@NullMarked
package dev.shunt.tests.guide;

import org.jspecify.annotations.NullMarked;
