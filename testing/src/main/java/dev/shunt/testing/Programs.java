package dev.shunt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The programs of a test class. Registered as a static {@code @RegisterExtension}: what a test starts ends with the test,
 * what {@code @BeforeAll} starts ends with the class. After a failure it prints what they printed. A process left behind
 * fails the test. Their {@code java.io.tmpdir} is a directory of the class. From here on Awaitility waits for {@link
 * Program#PATIENCE} unless it is told otherwise.
 */
public final class Programs
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterClassTemplateInvocationCallback,
                AfterAllCallback {

    static {
        // Whoever awaits something of a program waits for JVMs, on a machine that may be busy with others.
        Awaitility.setDefaultTimeout(Program.PATIENCE);
    }

    private final List<Program> shared = new ArrayList<>();
    private final List<Program> ofTest = new ArrayList<>();
    private boolean inTest;
    private @Nullable Path directory;

    public Program start(Class<?> main, Object... arguments) {
        return start(Launch.of(main, arguments));
    }

    public Program start(Launch launch) {
        var program = Program.start(launch.withOptions("-Djava.io.tmpdir=" + directory()));
        (inTest ? ofTest : shared).add(program);
        return program;
    }

    /** The temporary directory of these programs, where their run directories are. */
    public Path directory() {
        if (directory == null) {
            throw new IllegalStateException("register this extension in a static field");
        }
        return directory;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        AotCache.ofThisClassPath(); // made here if need be, where no test's time runs
        directory = Files.createTempDirectory("test-of-shunt-");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        inTest = true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        inTest = false;
        var failure = context.getExecutionException();
        try {
            close(ofTest);
        } finally {
            failure.ifPresent(_ -> print(context));
            ofTest.clear();
        }
    }

    @Override
    public void afterClassTemplateInvocation(ExtensionContext context) {
        closeShared(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        closeShared(context);
        delete(directory());
    }

    private void closeShared(ExtensionContext context) {
        try {
            close(shared);
        } finally {
            context.getExecutionException().ifPresent(_ -> print(context));
            shared.clear();
        }
    }

    /** All of them, whatever one of them throws. */
    private static void close(List<Program> programs) {
        AssertionError failure = null;
        for (var program : programs) {
            try {
                program.close();
            } catch (AssertionError e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void print(ExtensionContext context) {
        var text = new StringBuilder("The programs of " + context.getDisplayName() + " printed:\n");
        ofTest.forEach(program -> text.append(program.transcript()).append('\n'));
        shared.forEach(program -> text.append(program.transcript()).append('\n'));
        System.err.println(text);
    }

    private static void delete(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
