package dev.shunt.spring.autoconfigure;

import dev.shunt.micrometer.ShuntMeters;
import dev.shunt.pool.TaskPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;

/** Meters of the pool, where Micrometer is on the class path. */
@AutoConfiguration(after = ShuntAutoConfiguration.class)
@ConditionalOnClass({MeterBinder.class, MeterRegistry.class, ShuntMeters.class})
@ConditionalOnBean(TaskPool.class)
public final class ShuntMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "shuntMeters")
    ShuntMeters shuntMeters(TaskPool pool) {
        return ShuntMeters.of(pool);
    }

    /** Meters are bound before the pool starts, and those that have a value only then join at once. */
    @Bean
    @ConditionalOnBean(ShuntMeters.class)
    ApplicationListener<ApplicationReadyEvent> shuntMetersStart(ShuntMeters meters) {
        return _ -> meters.refresh();
    }
}
