package dev.shunt.architecture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No source file of the library, and no method, is longer than one can read; least of all what a user opens first. */
class SourceSizeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES = List.of(
            "core", "sqlite", "postgres", "console", "micrometer", "opentelemetry", "cli", "testkit", "testing");
    private static final int MAX_LINES = 500;
    private static final int MAX_METHOD_LINES = 60;

    /** The faces are builders and adapters; what is the same in all of them stands elsewhere. */
    private static final Map<String, Integer> SHORTER = Map.of("Server.java", 330, "Worker.java", 330);

    @Test
    void everyFileAndMethod_isShortEnough() throws IOException {
        var tooLong = new ArrayList<String>();
        for (var module : MODULES) {
            var sources = ROOT.resolve(module).resolve("src/main/java");
            assertThat(javaFiles(sources)).isNotEmpty();
            tooLong.addAll(tooLong(sources));
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void whatIsTooLong_isFound(@TempDir Path sources) throws IOException {
        write(sources, "Right", MAX_LINES - MAX_METHOD_LINES - 3, MAX_METHOD_LINES - 2);
        write(sources, "LongFile", MAX_LINES + 1, 1);
        write(sources, "LongMethod", 1, MAX_METHOD_LINES - 1);
        write(sources, "Server", 331, 1);
        write(sources, "Worker", 300, 1);
        assertThat(tooLong(sources))
                .containsExactlyInAnyOrder(
                        "LongFile.java has 507 lines; at most 500",
                        "Server.java has 337 lines; at most 330",
                        "method act of LongMethod.java has 61 lines; at most 60");
    }

    private static void write(Path sources, String name, int blanks, int statements) throws IOException {
        Files.writeString(
                sources.resolve(name + ".java"),
                "final class %s {%n%s    void act() {%n%s    }%n%s}%n"
                        .formatted(name, "\n".repeat(blanks), "        act();\n".repeat(statements), "\n"));
    }

    private static List<String> tooLong(Path sources) throws IOException {
        var tooLong = new ArrayList<String>();
        var files = javaFiles(sources);
        for (var file : files) {
            int max = SHORTER.getOrDefault(file.getFileName().toString(), MAX_LINES);
            long lines = lines(file);
            if (lines > max) {
                tooLong.add(file.getFileName() + " has " + lines + " lines; at most " + max);
            }
        }
        tooLong.addAll(longMethods(files));
        return tooLong;
    }

    private static List<String> longMethods(List<Path> files) throws IOException {
        var compiler = requireNonNull(ToolProvider.getSystemJavaCompiler());
        var tooLong = new ArrayList<String>();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            var positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(
                        new TreeScanner<Void, Integer>() {
                            @Override
                            public Void visitMethod(MethodTree method, Integer unused) {
                                var map = unit.getLineMap();
                                long lines = map.getLineNumber(positions.getEndPosition(unit, method))
                                        - map.getLineNumber(positions.getStartPosition(unit, method))
                                        + 1;
                                if (lines > MAX_METHOD_LINES) {
                                    tooLong.add("method " + method.getName() + " of "
                                            + Path.of(unit.getSourceFile().getName())
                                                    .getFileName() + " has " + lines
                                            + " lines; at most " + MAX_METHOD_LINES);
                                }
                                return super.visitMethod(method, unused);
                            }
                        },
                        0);
            }
        }
        return tooLong;
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> javaFiles(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
