package dev.shunt.spring.autoconfigure;

import dev.shunt.Shunt;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * What a child's application has for that, and an {@code application-shunt-child.properties} may change: beans when they are
 * needed, no migrations, which its manager has run, no log file, which processes would write over each other's lines in.
 */
final class ChildDefaults implements EnvironmentPostProcessor, Ordered {

    static final String SOURCE = "shuntChildDefaults";

    private static final String FAILURES_OF_A_CONTEXT =
            "logging.level.org.springframework.context.annotation.AnnotationConfigApplicationContext";

    private static final Map<String, Object> DEFAULTS = Map.ofEntries(
            Map.entry("spring.main.banner-mode", "off"),
            Map.entry("spring.main.lazy-initialization", "true"),
            Map.entry("spring.main.log-startup-info", "false"),
            Map.entry("spring.jmx.enabled", "false"),
            Map.entry("spring.flyway.enabled", "false"),
            Map.entry("spring.liquibase.enabled", "false"),
            Map.entry("spring.sql.init.mode", "never"),
            Map.entry("spring.jpa.hibernate.ddl-auto", "none"),
            Map.entry("spring.batch.job.enabled", "false"),
            Map.entry("spring.quartz.auto-startup", "false"),
            Map.entry(FAILURES_OF_A_CONTEXT, "error"), // its manager says them
            Map.entry("logging.file.name", ""),
            Map.entry("logging.file.path", ""));

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!Shunt.isChild()) {
            return;
        }
        var sources = environment.getPropertySources();
        var defaults = new MapPropertySource(SOURCE, DEFAULTS);
        sources.stream()
                .filter(source -> source.getName().contains("application-" + ChildEnvironment.PROFILE))
                .reduce((_, last) -> last)
                .ifPresentOrElse(
                        last -> sources.addAfter(last.getName(), defaults),
                        () -> sources.addAfter(ChildEnvironment.SOURCE, defaults));
    }

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }
}
