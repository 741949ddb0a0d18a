package dev.shunt.spring.autoconfigure;

import dev.shunt.pool.TaskPool;
import dev.shunt.server.Server;
import dev.shunt.spring.ShuntPoolCustomizer;
import dev.shunt.spring.ShuntTasks;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** A pool that runs what beans declare with {@code @ShuntTask}. Backs off if the application has a pool or server of its own. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "shunt.enabled", matchIfMissing = true)
@ConditionalOnMissingBean({TaskPool.class, Server.class})
@EnableConfigurationProperties(ShuntProperties.class)
public final class ShuntAutoConfiguration {

    /** Spring's own default. */
    private static final Duration PHASE_TIMEOUT = Duration.ofSeconds(30);

    @Bean
    static LazyInitializationExcludeFilter shuntIsNotLazy() {
        return LazyInitializationExcludeFilter.forBeanTypes(PoolLifecycle.class);
    }

    @Bean
    TaskMethods shuntTaskMethods(ConfigurableListableBeanFactory beans) {
        return new TaskMethods(beans);
    }

    @Bean
    PoolBuilding shuntPoolBuilding(
            ShuntProperties properties, TaskMethods methods, ConfigurableListableBeanFactory beans) {
        return new PoolBuilding(properties, methods, beans);
    }

    @Bean
    TaskPool.Builder shuntPoolBuilder(
            PoolBuilding building, ObjectProvider<ShuntPoolCustomizer> customizers, ObjectProvider<MainClass> main) {
        return building.builder(customizers.orderedStream().toList(), main.getIfAvailable(() -> MainClass.UNKNOWN));
    }

    /** Its lifecycle ends it. */
    @Bean(destroyMethod = "")
    TaskPool shuntTaskPool(TaskPool.Builder builder) {
        return builder.pool();
    }

    @Bean
    @ConditionalOnMissingBean
    ShuntTasks shuntTasks(TaskPool pool, TaskMethods methods, PoolBuilding building) {
        return new PoolTasks(pool, methods, building.general());
    }

    @Bean
    @ConditionalOnMissingBean
    PoolStarter shuntPoolStarter() {
        return TaskPool.Builder::start;
    }

    @Bean
    PoolLifecycle shuntPoolLifecycle(TaskPool.Builder builder, PoolStarter starter) {
        return new PoolLifecycle(builder, starter);
    }

    @Bean
    PoolShutdown shuntPoolShutdown(TaskPool pool, ShuntProperties properties, Environment environment) {
        return new PoolShutdown(
                pool,
                properties.drain().plus(properties.stop()),
                environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", Duration.class, PHASE_TIMEOUT));
    }
}
