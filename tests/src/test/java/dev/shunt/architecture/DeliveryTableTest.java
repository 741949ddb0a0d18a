package dev.shunt.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every row of {@code docs/delivery.md} names what proves it, or says that there is no test; and what it names is
 * there.
 */
class DeliveryTableTest {

    private static final Pattern PARENT = Pattern.compile("class \\w+ extends (\\w+)");

    private static final Pattern NAMED = Pattern.compile("`((?:[A-Z]\\w*(?:Test|Contract))?)(?:\\.(\\w+_\\w+))?`");
    private static final Pattern PROOF =
            Pattern.compile("\\| [^|]*(`\\w+(Test|Contract)\\b|the same|no test)[^|]*\\|$");
    private static final List<String> MODULES = List.of(
            "core", "sqlite", "postgres", "testkit", "testing", "micrometer", "opentelemetry", "examples", "tests");

    @Test
    void everyTestThatIsNamed_exists() throws IOException {
        var missing = missing(Files.readString(root().resolve("docs/delivery.md")));
        assertThat(missing).isEmpty();
    }

    @Test
    void everyRow_namesWhatProvesIt() throws IOException {
        var table = Files.readString(root().resolve("docs/delivery.md"));
        assertThat(unproved(table)).isEmpty();
        assertThat(unproved("| event | proved by |\n|---|---|\n| x | |\n| y | no test: why |\n| z | `SomeTest` |"))
                .containsExactly("| x | |");
    }

    @Test
    void aNameThatIsWrong_isFound() {
        assertThat(missing("| x | `ArchitectureTest.noSuch_test`, `.another_one` | `NoSuchTest` |"))
                .containsExactly("ArchitectureTest.noSuch_test", "ArchitectureTest.another_one", "NoSuchTest");
    }

    private static List<String> unproved(String page) {
        var unproved = new ArrayList<String>();
        boolean inTable = false;
        for (var line : page.lines().toList()) {
            if (line.endsWith("| proved by |")) {
                inTable = true;
            } else if (!line.startsWith("|")) {
                inTable = false;
            } else if (inTable
                    && !line.startsWith("|--")
                    && !PROOF.matcher(line).find()) {
                unproved.add(line);
            }
        }
        return unproved;
    }

    /** A method without a class belongs to the class that was named last. */
    private static List<String> missing(String table) {
        var sources = sources();
        var missing = new ArrayList<String>();
        String type = "";
        for (var named = NAMED.matcher(table); named.find(); ) {
            if (!named.group(1).isEmpty()) {
                type = named.group(1);
            }
            String method = named.group(2);
            String source = source(sources, type);
            if (source.isEmpty() || (method != null && !source.contains("void " + method + "("))) {
                missing.add(method == null ? type : type + "." + method);
            }
        }
        return missing;
    }

    /** What a test class declares, and what it has from the class that it extends. */
    private static String source(Map<String, String> sources, String type) {
        String own = sources.getOrDefault(type, "");
        var parent = PARENT.matcher(own);
        return parent.find() ? own + source(sources, parent.group(1)) : own;
    }

    private static Map<String, String> sources() {
        var root = root();
        return MODULES.stream()
                .flatMap(module -> testFiles(root.resolve(module)).stream())
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString().replace(".java", ""),
                        DeliveryTableTest::read,
                        String::concat));
    }

    private static List<Path> testFiles(Path module) {
        try (Stream<Path> files = Files.walk(module.resolve("src"))) {
            return files.filter(file -> file.toString().matches(".*(Test|Contract)\\.java"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        var root = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(directory -> Files.exists(directory.resolve("docs/delivery.md")))
                .findFirst();
        assertThat(root).as("the directory with docs/delivery.md").isPresent();
        return root.get();
    }
}
