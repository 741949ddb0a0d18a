package dev.shunt.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every {@link ArchitectureRule} holds for what has been built in this tree, and each is red where it should be: its
 * package {@code fixture.<rule>} has classes named {@code Wrong…} that it must report, and others that it must not.
 */
class ArchitectureTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final JavaClasses LIBRARY = built(
            "core/target/classes",
            "sqlite/target/classes",
            "postgres/target/classes",
            "console/target/classes",
            "micrometer/target/classes",
            "opentelemetry/target/classes",
            "cli/target/classes");
    private static final JavaClasses LIBRARY_AND_TESTS = built(
            "core/target/classes",
            "core/target/test-classes",
            "sqlite/target/classes",
            "sqlite/target/test-classes",
            "postgres/target/classes",
            "postgres/target/test-classes",
            "console/target/classes",
            "micrometer/target/classes",
            "opentelemetry/target/classes",
            "cli/target/classes",
            "cli/target/test-classes",
            "testkit/target/classes",
            "testkit/target/test-classes",
            "testing/target/classes",
            "testing/target/test-classes",
            "examples/target/test-classes",
            "benchmarks/target/classes",
            "benchmarks/target/test-classes",
            "tests/target/test-classes");

    @ParameterizedTest
    @EnumSource
    void rule_onOurClasses_holds(ArchitectureRule rule) {
        var classes = rule.coversTests() ? LIBRARY_AND_TESTS : LIBRARY;
        assertThat(rule.violations(classes)).as(rule.toString()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void rule_onItsFixture_reportsTheWrongClassesOnly(ArchitectureRule rule) {
        var fixture = new ClassFileImporter()
                .importPackages(
                        "fixture." + rule.name().toLowerCase(Locale.ROOT).replace("_", ""));
        var wrong = fixture.stream()
                .map(JavaClass::getSimpleName)
                .filter(name -> name.startsWith("Wrong"))
                .toList();
        var violations = rule.violations(fixture);

        assertThat(wrong)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(violations)
                        .as("violations naming " + name)
                        .anyMatch(violation -> violation.contains(name)));
        assertThat(violations).allMatch(violation -> violation.contains("Wrong"));
    }

    @Test
    void whatIsLookedAt_hasClassesOfEveryPackageWithSources() throws IOException {
        assertHasEveryPackage(
                LIBRARY,
                "core/src/main",
                "sqlite/src/main",
                "postgres/src/main",
                "console/src/main",
                "micrometer/src/main",
                "cli/src/main");
        assertHasEveryPackage(
                LIBRARY_AND_TESTS,
                "core/src/test",
                "sqlite/src/test",
                "postgres/src/test",
                "cli/src/test",
                "testkit/src/test",
                "testing/src/test",
                "benchmarks/src/main",
                "benchmarks/src/test");
    }

    private static void assertHasEveryPackage(JavaClasses classes, String... directories) throws IOException {
        for (var directory : directories) {
            var sources = ROOT.resolve(directory).resolve("java");
            try (Stream<Path> files = Files.walk(sources)) {
                var packages = files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith("module-info.java"))
                        .map(file ->
                                sources.relativize(file.getParent()).toString().replace('/', '.'))
                        .toList();
                assertThat(classes.stream().map(JavaClass::getPackageName).distinct())
                        .isNotEmpty()
                        .containsAll(packages);
            }
        }
    }

    private static JavaClasses built(String... directories) {
        var existing = Stream.of(directories)
                .map(ROOT::resolve)
                .filter(Files::isDirectory)
                .toList();
        return new ClassFileImporter()
                .withImportOption(location -> !location.contains("/fixture/"))
                .importPaths(List.copyOf(existing));
    }
}
