package dev.shunt.spring.programs;

import dev.shunt.spring.ShuntTask;
import dev.shunt.spring.ShuntTasks;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** An application with all that children must not have: a web server, runners, schedules, migrations. */
@SpringBootApplication
@EnableScheduling
@RestController
public class WholeApplication {

    record Look(String at) {}

    /** Says what it finds where tasks run. */
    static class Looker {

        private final ApplicationContext context;
        private final ShuntTasks tasks;

        Looker(ApplicationContext context, ShuntTasks tasks) {
            this.context = context;
            this.tasks = tasks;
        }

        @ShuntTask
        Object look(Look look) throws Exception {
            return switch (look.at()) {
                case "profiles" -> Arrays.toString(context.getEnvironment().getActiveProfiles());
                case "context" -> context.getClass().getSimpleName();
                case "beans" ->
                    List.of("flyway", "tomcatServletWebServerFactory", "unused").stream()
                            .filter(name -> context.containsBean(name)
                                    && ((ConfigurableListableBeanFactory) context.getAutowireCapableBeanFactory())
                                            .containsSingleton(name))
                            .toList()
                            .toString();
                case "another" -> tasks.await(new Look("profiles")).toString();
                case "pid" -> ProcessHandle.current().pid();
                default -> throw new IllegalArgumentException(look.at());
            };
        }
    }

    private final ApplicationContext context;

    WholeApplication(ApplicationContext context) {
        this.context = context;
    }

    public static void main(String... args) {
        SpringApplication.run(WholeApplication.class, args);
    }

    @Bean
    static Looker looker(ApplicationContext context, ShuntTasks tasks) {
        return new Looker(context, tasks);
    }

    /** Not needed by any task, so made in the application alone. */
    @Bean
    static Object unused() {
        say("unused bean made");
        return new Object();
    }

    @Bean
    static CommandLineRunner runner() {
        return _ -> say("runner ran");
    }

    @Bean
    @Profile("broken & shunt-child")
    @Lazy(false)
    static Object broken() {
        return licence("shunt-child").orElseThrow(() -> new IllegalStateException("no licence for children"));
    }

    private static Optional<Object> licence(String profile) {
        return Optional.<Object>of(profile).filter(name -> !name.equals("shunt-child"));
    }

    @Scheduled(fixedDelay = 100)
    void scheduled() {
        say("schedule ran");
    }

    @EventListener
    void listening(WebServerInitializedEvent event) {
        IO.println("listening on 127.0.0.1:" + event.getWebServer().getPort());
    }

    @GetMapping("/look/{at}")
    String look(@PathVariable String at) throws InterruptedException {
        return context.getBean(ShuntTasks.class).await(new Look(at)).toString();
    }

    @GetMapping("/restart")
    void restart() {
        Thread.ofPlatform().start(() -> Restarter.getInstance().restart());
    }

    private static void say(String what) {
        IO.println(what + " in " + ProcessHandle.current().pid());
    }
}
