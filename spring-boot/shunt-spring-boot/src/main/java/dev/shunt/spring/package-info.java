/**
 * What a Spring Boot application says: {@link dev.shunt.spring.ShuntTask} on its beans' methods, {@link
 * dev.shunt.spring.ShuntTasks} where it asks for tasks.
 */
@NullMarked
package dev.shunt.spring;

import org.jspecify.annotations.NullMarked;
