/** Tasks without processes, in tests of a Spring Boot application: inject a {@code ManualEngine}. */
@NullMarked
package dev.shunt.spring.test;

import org.jspecify.annotations.NullMarked;
