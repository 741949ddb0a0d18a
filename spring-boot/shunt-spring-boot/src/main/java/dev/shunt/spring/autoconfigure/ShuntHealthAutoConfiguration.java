package dev.shunt.spring.autoconfigure;

import dev.shunt.pool.TaskPool;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** The health of the pool, where Spring Boot's is on the class path: up while it takes tasks. */
@AutoConfiguration(after = ShuntAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(TaskPool.class)
@Conditional(OnManager.class)
@ConditionalOnEnabledHealthIndicator("shunt")
public final class ShuntHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "shuntHealthIndicator")
    HealthIndicator shuntHealthIndicator(TaskPool pool) {
        return new ShuntHealthIndicator(pool);
    }

    private static final class ShuntHealthIndicator extends AbstractHealthIndicator {

        private final TaskPool pool;

        ShuntHealthIndicator(TaskPool pool) {
            super("the task pool cannot be asked");
            this.pool = pool;
        }

        @Override
        protected void doHealthCheck(Health.Builder builder) {
            if (!pool.isOpen()) {
                builder.outOfService().withDetail("reason", "it takes no tasks: the application starts or ends");
                return;
            }
            var stats = pool.stats();
            builder.up()
                    .withDetail("slots", stats.slots().tasks())
                    .withDetail("idle", stats.slots().idleTasks())
                    .withDetail("queued", stats.tasks().queued())
                    .withDetail("running", stats.tasks().running())
                    .withDetail("dead", stats.tasks().dead())
                    .withDetail("childrenReplaced", stats.children().replaced());
        }
    }
}
