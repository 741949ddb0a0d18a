/** Cron expressions and the times they name; alone sees cron-utils. */
@NullMarked
package dev.shunt.cron;

import org.jspecify.annotations.NullMarked;
