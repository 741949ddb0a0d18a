/** What ends the process when it cannot go on: errors after which nothing can be relied on. Imports nothing of ours. */
@NullMarked
package dev.shunt.fatal;

import org.jspecify.annotations.NullMarked;
