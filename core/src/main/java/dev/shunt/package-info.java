/** What a program may ask before it has started anything; its faces are {@code server}, {@code worker} and {@code pool}. */
@NullMarked
package dev.shunt;

import org.jspecify.annotations.NullMarked;
