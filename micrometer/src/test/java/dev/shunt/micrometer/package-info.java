@NullMarked
package dev.shunt.micrometer;

import org.jspecify.annotations.NullMarked;
