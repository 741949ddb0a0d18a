package dev.shunt.spring.autoconfigure;

import dev.shunt.pool.TaskPool;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** The actuator's endpoint {@code shunt}, where the actuator is on the class path and exposes it. */
@AutoConfiguration(after = ShuntAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(TaskPool.class)
@Conditional(OnManager.class)
@ConditionalOnAvailableEndpoint(endpoint = ShuntEndpoint.class)
public final class ShuntEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ShuntEndpoint shuntEndpoint(TaskPool pool) {
        return new ShuntEndpoint(pool);
    }
}
