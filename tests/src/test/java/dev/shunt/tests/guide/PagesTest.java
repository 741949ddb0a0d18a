package dev.shunt.tests.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each block of code in README and in {@code docs} is a part of a file that is compiled and run by tests, but for where its
 * lines are broken. Parts between empty lines may be apart. And each link leads somewhere.
 */
class PagesTest {

    private static final Path ROOT = Path.of("..");

    private static final Set<String> CODE = Set.of("java", "kotlin");

    /** Of these, what tests compile, run or read. */
    private static final List<String> SOURCES = List.of(
            "examples/src/main",
            "tests/src/test",
            "kotlin/src/test",
            "spring-boot/example/src",
            "applications/http/src",
            "applications/micronaut/src",
            "applications/quarkus/src");

    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```$");
    private static final Pattern LINK = Pattern.compile("\\[[^]\\n]*(?:\\n[^]\\n]*)?]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern SHUNT = Pattern.compile("(?m)^\\./shunt (\\w+)(?: ([a-z][\\w-]*))?");

    private record Block(String language, String code) {

        boolean isIn(String source) {
            return Stream.of(code.split("\\n\\s*\\n")).map(PagesTest::dense).allMatch(source::contains);
        }
    }

    static List<Path> pages() throws IOException {
        try (var docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void page_hasOnlyCodeThatIsRun() throws IOException {
        var sources = sources();
        var strays = new ArrayList<String>();
        for (var page : pages()) {
            for (var block : blocks(page)) {
                if (CODE.contains(block.language()) && sources.stream().noneMatch(block::isIn)) {
                    strays.add(page + ":\n" + block.code());
                }
            }
        }
        assertThat(strays)
                .as(
                        "blocks that are no part of a file in %s: put the code into one that a test runs, such as those"
                                + " beside this test",
                        SOURCES)
                .isEmpty();
    }

    @Test
    void index_listsEachPage() throws IOException {
        var index = Files.readString(ROOT.resolve("docs/README.md"));

        try (var docs = Files.list(ROOT.resolve("docs"))) {
            assertThat(docs.map(page -> page.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md")))
                    .allSatisfy(name -> assertThat(index).contains("(" + name + ")"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SwooleTask", "CreateAsyncTask", "TaskWorker", "WebsocketFront"})
    void examples_printEachProgramAsItIs(String program) throws IOException {
        var source = Files.readString(ROOT.resolve("examples/src/main/java").resolve(program + ".java"));

        assertThat(Files.readString(ROOT.resolve("docs/examples.md"))).contains("```java\n" + source + "```\n");
    }

    @Test
    void readme_isTwoScreens_andNamesTheTests() throws IOException {
        var readme = Files.readAllLines(ROOT.resolve("README.md"));

        assertThat(readme).hasSizeBetween(40, 160).anyMatch(line -> line.startsWith("./shunt test "));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void page_namesCommandsOfTheLauncher(Path page) throws IOException {
        var launcher = Files.readString(ROOT.resolve("shunt"));
        var examples = examples();
        for (var block : blocks(page)) {
            SHUNT.matcher(block.code()).results().forEach(command -> {
                assertThat(launcher).contains("\n" + command.group(1) + ")");
                if (command.group(1).equals("example")) {
                    assertThat(examples).contains(command.group(2));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void page_leadsSomewhere(Path page) throws IOException {
        var text = Files.readString(page);
        for (var link :
                LINK.matcher(text).results().map(match -> match.group(1)).toList()) {
            if (link.contains("://") || link.startsWith("mailto:")) {
                continue;
            }
            int hash = link.indexOf('#');
            var target = hash == 0 ? page : sibling(page, hash < 0 ? link : link.substring(0, hash));
            assertThat(target).as("%s: %s", page, link).exists();
            if (hash >= 0) {
                assertThat(anchors(target)).as("%s: %s", page, link).contains(link.substring(hash + 1));
            }
        }
    }

    private static Path sibling(Path page, String link) {
        return page.resolveSibling(link).normalize();
    }

    private static List<String> anchors(Path page) throws IOException {
        var prose = BLOCK.matcher(Files.readString(page)).replaceAll("");
        return HEADING.matcher(prose)
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                        .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static List<Block> blocks(Path page) throws IOException {
        return BLOCK.matcher(Files.readString(page))
                .results()
                .map(block -> new Block(block.group(1), block.group(2)))
                .toList();
    }

    private static Set<String> examples() throws IOException {
        try (var files = Files.list(ROOT.resolve("examples/src/main/java"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", "").replaceAll("(?<=[a-z0-9])([A-Z])", "-$1"))
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());
        }
    }

    private static List<String> sources() throws IOException {
        var sources = new ArrayList<String>();
        for (var directory : SOURCES) {
            try (var files = Files.walk(ROOT.resolve(directory))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    sources.add(dense(Files.readString(file)));
                }
            }
        }
        return sources;
    }

    /** How it is broken into lines says nothing. */
    private static String dense(String text) {
        return text.replaceAll("\\s+", "");
    }
}
