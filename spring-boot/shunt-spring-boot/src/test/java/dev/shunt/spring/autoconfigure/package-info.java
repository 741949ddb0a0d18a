@NullMarked
package dev.shunt.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
