/**
 * {@code ./shunt ctl}: {@code Ctl} reads the command line by picocli, {@code Looks} asks the program and shows what it
 * answers, {@code Acts} has it do something. What there is to ask, {@code docs/control-api.md} lists.
 */
@NullMarked
package dev.shunt.cli;

import org.jspecify.annotations.NullMarked;
