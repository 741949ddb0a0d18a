package dev.shunt.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;
import org.slf4j.LoggerFactory;

/** What the library may not do, as far as class files show it. Packages are matched anywhere, so that fixtures can err. */
enum ArchitectureRule {
    PACKAGE_TABLE(classes().should(new ImportWhatTheTableLists())),
    NO_CYCLES(slices().matching("..dev.shunt.(**)").should().beFreeOfCycles()),
    NO_LARGE_KNOTS(classes().should(new StandInNoLargeKnot())),
    NETTY(onlyIn("netty").dependOnClassesThat(resideInAnyPackage("io.netty.."))),
    PIPELINES(noClasses().that().doNotHaveSimpleName("Pipelines").should().accessTargetWhere(Calls.PIPELINE_CHANGE)),
    PROTOCOLS(classes().should(new AskNoInstanceofProtocol())),
    JACKSON(onlyIn("data").dependOnClassesThat(resideInAnyPackage("tools.jackson..", "com.fasterxml.."))),
    HDR_HISTOGRAM(onlyIn("engine.manager").dependOnClassesThat(resideInAnyPackage("org.HdrHistogram.."))),
    MICROMETER(onlyIn("micrometer").dependOnClassesThat(resideInAnyPackage("io.micrometer..", "io.prometheus.."))),
    OPEN_TELEMETRY(onlyIn("opentelemetry").dependOnClassesThat(resideInAnyPackage("io.opentelemetry.."))),
    CRON(onlyIn("cron").dependOnClassesThat(resideInAnyPackage("com.cronutils.."))),
    JDBC(onlyIn("sqlite", "postgres")
            .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite.."))),
    LOGGERS(onlyIn("log").dependOnClassesThat().belongToAnyOf(LoggerFactory.class)),
    /** But for a PostgreSQL of its own, which tests and demonstrations start. */
    PROCESSES(onlyIn("process", "postgres")
            .dependOnClassesThat(assignableTo(ProcessBuilder.class))
            .orShould()
            .accessTargetWhere(Calls.RUNTIME_EXEC)),
    CLOCKS(onlyIn("time").accessTargetWhere(Calls.CLOCK)),
    NO_SLEEP(noClasses().should().accessTargetWhere(Calls.SLEEP)),
    TAGGED_PROCESSES(noClasses()
            .that()
            .haveSimpleNameEndingWith("Test")
            .and(not(taggedWith("processes")))
            .should()
            .accessTargetWhere(Calls.PROCESS_OF_A_TEST)
            .because("./shunt test unit leaves out what is tagged so")),
    NO_MUTABLE_STATICS(classes().should(new HoldNoMutableStatics())),
    OPTIONS_ON_THE_VALUE(classes().should(new SayOptionsOnTheValue())),
    NO_JUNK_PACKAGES(noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..impl..", "..base.."));

    @SuppressWarnings("ImmutableEnumChecker") // a rule is immutable, its interface does not say so
    private final ArchRule rule;

    ArchitectureRule(ArchRule rule) {
        this.rule = rule.allowEmptyShould(true);
    }

    /** Whether tests obey it too. */
    boolean coversTests() {
        return switch (this) {
            case NO_SLEEP, NO_JUNK_PACKAGES, TAGGED_PROCESSES -> true;
            case PACKAGE_TABLE,
                    NO_CYCLES,
                    NO_LARGE_KNOTS,
                    NETTY,
                    PIPELINES,
                    PROTOCOLS,
                    JACKSON,
                    HDR_HISTOGRAM,
                    MICROMETER,
                    OPEN_TELEMETRY,
                    CRON,
                    JDBC,
                    LOGGERS,
                    PROCESSES,
                    CLOCKS,
                    NO_MUTABLE_STATICS,
                    OPTIONS_ON_THE_VALUE -> false;
        };
    }

    /** One line or more for each offence. */
    List<String> violations(JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().getDetails();
    }

    private static DescribedPredicate<JavaClass> taggedWith(String tag) {
        return DescribedPredicate.describe(
                "tagged with " + tag,
                type -> Stream.concat(
                                type.tryGetAnnotationOfType(Tag.class).stream(),
                                type.tryGetAnnotationOfType(Tags.class).stream()
                                        .flatMap(tags -> Stream.of(tags.value())))
                        .anyMatch(annotation -> annotation.value().equals(tag)));
    }

    private static ClassesShould onlyIn(String... names) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(Stream.of(names)
                        .map(name -> "..dev.shunt." + name + "..")
                        .toArray(String[]::new))
                .should();
    }
}
