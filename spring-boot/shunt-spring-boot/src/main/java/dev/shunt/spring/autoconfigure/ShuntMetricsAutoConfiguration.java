package dev.shunt.spring.autoconfigure;

import dev.shunt.micrometer.ShuntMeters;
import dev.shunt.pool.TaskPool;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.event.ContextRefreshedEvent;

/** The meters of the pool, where Micrometer is on the class path; not in children, whose manager measures them. */
@AutoConfiguration(after = ShuntAutoConfiguration.class)
@ConditionalOnClass({ShuntMeters.class, MeterRegistry.class})
@ConditionalOnSingleCandidate(TaskPool.class)
@Conditional(OnManager.class)
public final class ShuntMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ShuntMeters shuntMeters(TaskPool pool) {
        return ShuntMeters.of(pool);
    }

    /** Registries are bound before the pool starts, and the first look at them is to find all meters. */
    @Bean
    ApplicationListener<ContextRefreshedEvent> shuntMetersAfterStart(ShuntMeters meters) {
        return _ -> meters.refresh();
    }
}
