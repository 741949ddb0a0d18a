package dev.shunt.spring.autoconfigure;

import dev.shunt.Shunt;
import java.util.ArrayList;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes the application of a child one that runs tasks and nothing else, with the profile {@value #PROFILE}. What {@code
 * application-shunt-child.properties} says goes before {@link ChildDefaults}, but not before this.
 */
final class ChildEnvironment implements EnvironmentPostProcessor, Ordered {

    static final String PROFILE = "shunt-child";
    static final String SOURCE = "shuntChild";

    /** For children: the developer tools restart what they find on the class path, before any environment is there. */
    static final String NO_RESTARTS = "-Dspring.devtools.restart.enabled=false";

    private static final Map<String, Object> ALWAYS = Map.of(
            "spring.main.web-application-type", "none",
            "spring.main.register-shutdown-hook", "false", // its manager tells a child when to end
            "spring.main.keep-alive", "false",
            "spring.application.admin.enabled", "false",
            "spring.devtools.livereload.enabled", "false",
            "spring.docker.compose.enabled", "false",
            "management.server.port", "-1");

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (Shunt.isChild()) {
            environment.getPropertySources().addFirst(new MapPropertySource(SOURCE, ALWAYS));
            var profiles = new ArrayList<>(application.getAdditionalProfiles());
            profiles.add(PROFILE);
            application.setAdditionalProfiles(profiles.toArray(String[]::new));
        }
    }

    /** Before files of properties are read, which the profile selects. */
    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER - 1;
    }
}
