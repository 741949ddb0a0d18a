/**
 * What Spring Boot finds: the auto-configuration, and what makes a child of an application one that only runs tasks. Read
 * {@code ShuntAutoConfiguration} first, then {@code ChildEnvironment}.
 */
@NullMarked
package dev.shunt.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
