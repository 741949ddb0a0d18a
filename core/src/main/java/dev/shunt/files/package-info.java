/** Files that are their owner's alone: of run directories, and of logs of tasks. Imports nothing of ours. */
@NullMarked
package dev.shunt.files;

import org.jspecify.annotations.NullMarked;
