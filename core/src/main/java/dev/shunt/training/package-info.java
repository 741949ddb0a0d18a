/** The training run of an AOT cache: a program of our own, which runs on the class path of another. */
@NullMarked
package dev.shunt.training;

import org.jspecify.annotations.NullMarked;
