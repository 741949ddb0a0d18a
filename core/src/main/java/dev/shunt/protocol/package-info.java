/** Built-in protocols. */
@NullMarked
package dev.shunt.protocol;

import org.jspecify.annotations.NullMarked;
