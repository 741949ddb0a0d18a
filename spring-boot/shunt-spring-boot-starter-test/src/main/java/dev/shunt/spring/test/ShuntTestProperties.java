package dev.shunt.spring.test;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code shunt.test.*}.
 *
 * @param manual whether tasks run on a manual engine, and only when the test says so; else as in the application
 */
@ConfigurationProperties("shunt.test")
record ShuntTestProperties(@DefaultValue("true") boolean manual) {}
