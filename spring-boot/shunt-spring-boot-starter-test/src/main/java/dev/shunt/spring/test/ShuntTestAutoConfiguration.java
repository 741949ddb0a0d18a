package dev.shunt.spring.test;

import dev.shunt.spring.autoconfigure.ShuntAutoConfiguration;
import dev.shunt.testkit.ManualEngine;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/** Runs an application's tasks on a {@link ManualEngine}, which is a bean: without processes and threads, and only when told. */
@AutoConfiguration(before = ShuntAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "shunt.test.manual", matchIfMissing = true)
@EnableConfigurationProperties(ShuntTestProperties.class)
public final class ShuntTestAutoConfiguration {

    @Bean
    ManualStart shuntManualStart() {
        return new ManualStart();
    }

    /** Once the application has started. */
    @Bean
    @Lazy
    ManualEngine shuntManualEngine(ManualStart start) {
        return start.engine();
    }
}
