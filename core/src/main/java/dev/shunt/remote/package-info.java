/**
 * Programs that run elsewhere on this machine: how one is found, and asked. {@code RunningPrograms} finds, {@code
 * ControlClient} asks, {@code Json} is what it answers, {@code Table} shows that to people.
 */
@NullMarked
package dev.shunt.remote;

import org.jspecify.annotations.NullMarked;
