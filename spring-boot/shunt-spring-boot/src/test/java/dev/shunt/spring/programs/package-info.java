/** Applications that tests start in JVMs of their own. */
@NullMarked
package dev.shunt.spring.programs;

import org.jspecify.annotations.NullMarked;
