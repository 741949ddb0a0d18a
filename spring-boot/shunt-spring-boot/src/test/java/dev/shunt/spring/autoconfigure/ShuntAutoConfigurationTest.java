package dev.shunt.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.micrometer.ShuntMeters;
import dev.shunt.plan.WhenFull;
import dev.shunt.pool.TaskPool;
import dev.shunt.server.Server;
import dev.shunt.spring.ShuntPoolCustomizer;
import dev.shunt.spring.ShuntSchedule;
import dev.shunt.spring.ShuntTask;
import dev.shunt.spring.ShuntTasks;
import dev.shunt.task.Durability;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What is configured when, with the slots in this process. */
class ShuntAutoConfigurationTest {

    record Greet(String name) {}

    record Book(String title) {}

    @ConfigurationProperties("greeting")
    record Greeting(String word) {}

    @Component
    static class Greeter {

        private final Greeting greeting;

        Greeter(Greeting greeting) {
            this.greeting = greeting;
        }

        @ShuntTask(retries = 2, timeout = "5s")
        String greet(Greet greet, Task task) {
            return greeting.word() + ' ' + greet.name() + ", attempt " + task.attempt();
        }
    }

    @Configuration
    @EnableConfigurationProperties(Greeting.class)
    static class Greets {

        @Bean
        Greeter greeter(Greeting greeting) {
            return new Greeter(greeting);
        }
    }

    /** A class that its proxy extends. */
    static class Library {

        @ShuntTask
        @Transactional
        public String lend(Book book) {
            return book.title() + " in a transaction: " + TransactionSynchronizationManager.isActualTransactionActive();
        }
    }

    static class Clocked {

        private final CompletableFuture<String> ran = new CompletableFuture<>();

        @ShuntSchedule(every = "${clock.every}")
        void tick() {
            ran.complete("ticked");
        }

        @ShuntSchedule(cron = "-")
        void never() {}
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ShuntAutoConfiguration.class,
                    ShuntHealthAutoConfiguration.class,
                    ShuntEndpointAutoConfiguration.class,
                    ShuntMetricsAutoConfiguration.class))
            .withPropertyValues("shunt.in-process=true", "greeting.word=ciao");

    @Test
    void beansMethods_runTasks_withConstructorInjectionAndProperties() {
        runner.withUserConfiguration(Greets.class).run(context -> {
            assertThat(resultOf(context, new Greet("ann"))).isEqualTo("ciao ann, attempt 1");
            var options = context.getBean(ShuntTasks.class).options(Greet.class);
            assertThat(options.retries()).isEqualTo(2);
            assertThat(options.timeout()).contains(Duration.ofSeconds(5));
            assertThat(options.durability()).isEqualTo(Durability.MEMORY);
        });
    }

    @Test
    void proxiedBeans_runTasksInTheirTransaction() {
        runner.withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        TransactionAutoConfiguration.class))
                .withBean(Library.class)
                .run(context ->
                        assertThat(resultOf(context, new Book("Ulisse"))).isEqualTo("Ulisse in a transaction: true"));
    }

    @Test
    void schedules_runTheirMethod_unlessTheyAreOff() {
        runner.withPropertyValues("clock.every=50ms")
                .withBean(Clocked.class)
                .run(context ->
                        assertThat(context.getBean(Clocked.class).ran.get()).isEqualTo("ticked"));
    }

    @Test
    void withoutAnyHandler_theStartIsExplained() {
        runner.run(context -> assertThat(analysis(context).getDescription()).contains("no handler"));
    }

    @Test
    void twoHandlersOfAType_areNamed() {
        runner.withUserConfiguration(Greets.class)
                .withBean("other", Greeter.class, () -> new Greeter(new Greeting("hi")))
                .run(context -> assertThat(analysis(context).getDescription())
                        .contains("Greet have two handlers", "'greeter'", "'other'"));
    }

    static class Wrong {

        @ShuntTask
        void nothing() {}
    }

    @Test
    void aHandlerWithoutPayload_isExplained() {
        runner.withBean(Wrong.class).run(context -> {
            assertThat(analysis(context).getDescription()).contains("@ShuntTask on", "Wrong.nothing");
            assertThat(analysis(context).getAction()).contains("one parameter for the task's payload");
        });
    }

    @Test
    void backsOff_ifTheApplicationHasAServerOrAPool_orIsToldTo() {
        runner.withBean(Server.class, () -> new Server("127.0.0.1", 0))
                .run(context -> assertThat(context).doesNotHaveBean(ShuntTasks.class));
        runner.withBean(TaskPool.class, () -> TaskPool.builder().pool())
                .run(context -> assertThat(context).doesNotHaveBean(ShuntTasks.class));
        runner.withPropertyValues("shunt.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ShuntTasks.class));
    }

    @Test
    void theReportOfConditions_saysWhyItBacksOff() {
        runner.withBean("own", Server.class, () -> new Server("127.0.0.1", 0))
                .run(context ->
                        assertThat(outcomes(context)).anyMatch(why -> why.contains("'dev.shunt.server.Server' own")));
        runner.withPropertyValues("shunt.enabled=false")
                .run(context -> assertThat(outcomes(context)).anyMatch(why -> why.contains("shunt.enabled")));
    }

    private static List<String> outcomes(AssertableApplicationContext context) {
        var outcomes = ConditionEvaluationReport.get(
                        context.getSourceApplicationContext().getBeanFactory())
                .getConditionAndOutcomesBySource()
                .get(ShuntAutoConfiguration.class.getName());
        return StreamSupport.stream(Objects.requireNonNull(outcomes).spliterator(), false)
                .map(condition -> condition.getOutcome().getMessage())
                .toList();
    }

    @Test
    void whatIsImported_looksForNoComponents() {
        var imported = ImportCandidates.load(AutoConfiguration.class, null).getCandidates().stream()
                .filter(name -> name.startsWith("dev.shunt."))
                .toList();
        assertThat(imported).hasSize(4).allSatisfy(name -> {
            var type = MergedAnnotations.from(Class.forName(name), SearchStrategy.TYPE_HIERARCHY);
            assertThat(type.isPresent(AutoConfiguration.class)).as(name).isTrue();
            assertThat(type.isPresent(ComponentScan.class)).as(name).isFalse();
        });
    }

    @Test
    void healthEndpointAndMeters_areThereWithTheirLibraries() {
        var exposed = runner.withUserConfiguration(Greets.class)
                .withPropertyValues("management.endpoints.web.exposure.include=shunt");
        exposed.run(context -> {
            var health = Objects.requireNonNull(context.getBean("shuntHealthIndicator", HealthIndicator.class)
                    .health());
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsEntry("slots", 4).containsEntry("dead", 0L);
            resultOf(context, new Greet("bob"));
            assertThat(context.getBean(ShuntEndpoint.class).stats().tasks().done())
                    .isEqualTo(1);
            assertThat(context.getBean(ShuntEndpoint.class).dead("dead")).isEmpty();
            var registry = new SimpleMeterRegistry();
            context.getBean(MeterBinder.class).bindTo(registry);
            Awaitility.await().until(context.getBean(ShuntMeters.class)::refresh);
            assertThat(registry.get("shunt.tasks.ended")
                            .tags("type", Greet.class.getName(), "outcome", "done")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("shunt.slots").tag("group", "tasks").gauge().value())
                    .isEqualTo(4);
        });
        exposed.withClassLoader(new FilteredClassLoader(HealthIndicator.class, Endpoint.class, MeterRegistry.class))
                .run(context -> assertThat(context)
                        .hasSingleBean(ShuntTasks.class)
                        .doesNotHaveBean("shuntHealthIndicator")
                        .doesNotHaveBean("shuntEndpoint")
                        .doesNotHaveBean("shuntMeters"));
        runner.withUserConfiguration(Greets.class)
                .run(context -> assertThat(context).doesNotHaveBean("shuntEndpoint"));
    }

    @Test
    void metersAreThere_onceTheApplicationHasStarted_alsoThoseThatComeLater() {
        var registry = new SimpleMeterRegistry();
        runner.withUserConfiguration(Greets.class)
                .withBean(MeterRegistry.class, () -> registry)
                .withInitializer(context -> context.addBeanFactoryPostProcessor(
                        beans -> beans.addBeanPostProcessor(new BoundBeforeTheStart(registry))))
                .run(context -> {
                    // a busy machine may have nothing to say yet: then each look asks again
                    Awaitility.await()
                            .atMost(Duration.ofMinutes(1))
                            .until(() -> !Double.isNaN(
                                    registry.get("shunt.tasks.dead").gauge().value()));
                    assertThat(registry.get("shunt.task.wait")
                                    .tag("type", Greet.class.getName())
                                    .functionTimer()
                                    .count())
                            .isZero();
                    assertThat(context).hasSingleBean(ShuntMeters.class);
                });
    }

    /** As Spring Boot does it: registries are bound as soon as they are made. */
    private record BoundBeforeTheStart(MeterRegistry registry) implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof ShuntMeters meters) {
                meters.bindTo(registry);
            }
            return bean;
        }
    }

    @Test
    void properties_areBound(@TempDir Path directory) {
        runner.withUserConfiguration(Greets.class)
                .withPropertyValues(
                        "shunt.name=mails",
                        "shunt.slots=3",
                        "shunt.processes=2",
                        "shunt.virtual-slots=true",
                        "shunt.store=" + directory.resolve("tasks.db"),
                        "shunt.durability=sync",
                        "shunt.drain-timeout=1s",
                        "shunt.stop-timeout=2s",
                        "shunt.queue.max-tasks=10",
                        "shunt.queue.max-bytes=100000",
                        "shunt.queue.max-delayed-tasks=20",
                        "shunt.queue.when-full=wait",
                        "shunt.children.main=dev.shunt.spring.autoconfigure.ShuntAutoConfigurationTest",
                        "shunt.children.jvm-options=-Xmx64m,-Xss1m",
                        "shunt.children.max-tasks-per-slot=100",
                        "shunt.children.aot-cache=" + directory.resolve("none.aot"))
                .run(context -> {
                    var properties = context.getBean(ShuntProperties.class);
                    assertThat(context.getBean(TaskPool.class).name()).isEqualTo("mails");
                    assertThat(context.getBean(TaskPool.class).stats().slots().tasks())
                            .isEqualTo(3);
                    assertThat(context.getBean(TaskPool.class).stats().tasks().maxQueued())
                            .isEqualTo(10);
                    assertThat(properties.processes()).isEqualTo(2);
                    assertThat(properties.virtualSlots()).isTrue();
                    assertThat(properties.drain()).isEqualTo(Duration.ofSeconds(1));
                    assertThat(properties.stop()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(properties.queue())
                            .isEqualTo(new ShuntProperties.Queue(10, 100_000L, 20, WhenFull.WAIT));
                    assertThat(properties.children().jvmOptions()).containsExactly("-Xmx64m", "-Xss1m");
                    assertThat(properties.children().maxTasksPerSlot()).isEqualTo(100);
                    assertThat(context.getBean(ShuntTasks.class)
                                    .options(Greet.class)
                                    .durability())
                            .isEqualTo(Durability.SYNC);
                    assertThat(directory.resolve("tasks.db")).exists();
                });
    }

    @Test
    void customizers_sayWhatPropertiesCannot() {
        runner.withBean(ShuntPoolCustomizer.class, () -> builder -> builder.answer(Book.class, Book::title))
                .run(context -> assertThat(resultOf(context, new Book("Emma"))).isEqualTo("Emma"));
    }

    private static String resultOf(AssertableApplicationContext context, Object task) {
        try {
            var result = context.getBean(ShuntTasks.class).await(task);
            assertThat(result).isInstanceOf(Result.Done.class);
            return ((Result.Done) result).data().text();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FailureAnalysis analysis(AssertableApplicationContext context) {
        return Objects.requireNonNull(
                new ShuntFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure())));
    }
}
