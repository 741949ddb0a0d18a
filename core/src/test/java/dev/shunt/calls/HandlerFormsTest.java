package dev.shunt.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a programmer types first: each form compiles, or the compiler's message names the one that is meant. */
class HandlerFormsTest {

    /** Imports are those of a program that uses timers of {@code java.util} too. */
    private static final String BEFORE = List.of(
                            "dev.shunt.server",
                            "dev.shunt.task",
                            "dev.shunt.worker",
                            "java.time",
                            "java.util",
                            "java.util.function")
                    .stream()
                    .map(name -> "import " + name + ".*;\n")
                    .collect(Collectors.joining())
            + """
            class Forms {
                static void work(Task task) {}

                static String thumb(Task task) {
                    return "thumb of " + task.data();
                }
            """;

    @TempDir
    Path classes;

    @Test
    void handlers_compile() {
        assertThat(errors(List.of(
                        "face.onTask(task -> thumb(task));",
                        "face.onTask(Forms::thumb);",
                        "face.onTask(task -> task.data());",
                        "face.onTask(task -> task.data() + \" -> OK\");",
                        "face.onTask(task -> 42);",
                        "face.onTask(task -> null);",
                        "face.onTask(task -> face.finish(\"x\"));",
                        "face.onTask(task -> task.finish(\"x\"));",
                        "face.onTask(task -> { throw new java.io.IOException(\"full\"); });",
                        "face.onTask(task -> { if (task.attempt() > 1) { return null; } return \"x\"; });",
                        "face.onTask(task -> { work(task); return face.finish(\"x\"); });",
                        "face.onTask((_, task) -> work(task));",
                        "face.onTask((_, task) -> thumb(task));",
                        "face.onTask((_, task) -> { work(task); });",
                        "face.onTask((other, task) -> { other.finish(thumb(task)); });",
                        "face.onTask((_, _) -> {});",
                        "face.onTask(_ -> { throw new IllegalStateException(); }).onFinish(done -> {}).onTaskFailed(_ -> {});",
                        "face.handle(String.class, (text, task) -> thumb(task));",
                        "face.handle(String.class, text -> IO.println(text));",
                        "face.handle(String.class, (text, task) -> { task.finish(text); });",
                        "face.answer(String.class, (text, task) -> text + task.id());",
                        "face.answer(String.class, text -> text.length());",
                        "face.answer(String.class, (text, task) -> task.finish(text));",
                        "face.answer(String.class, (text, _) -> { throw new java.io.IOException(text); });")))
                .isEmpty();
    }

    @Test
    void handlersThatReturnNothing_areSentToTheFormWithTwoParameters() {
        var forms = List.of(
                "face.onTask(task -> work(task));",
                "face.onTask(task -> { work(task); });",
                "face.onTask(task -> { task.finish(\"x\"); });",
                "face.onTask(Forms::work);");
        assertThat(errors(forms))
                .containsOnlyKeys(forms)
                .allSatisfy((_, error) -> assertThat(error).contains("RESULT_or_use_two_parameters"));
    }

    @Test
    void answersThatReturnNothing_areSentToHandle() {
        var forms = List.of(
                "face.answer(String.class, (text, task) -> work(task));",
                "face.answer(String.class, (text, task) -> { work(task); });",
                "face.answer(String.class, text -> IO.println(text));");
        assertThat(errors(forms))
                .containsOnlyKeys(forms)
                .allSatisfy((_, error) -> assertThat(error).contains("RESULT_or_use_handle"));
    }

    @Test
    void calls_compile() {
        assertThat(
                        errors(
                                List.of(
                                        "face.task(\"x\", null);",
                                        "face.task(\"x\", -1, null);",
                                        "face.task(\"x\", TaskOptions.DEFAULT, null);",
                                        "face.task(\"x\", result -> IO.println(result));",
                                        "face.task(\"x\", IO::println);",
                                        "face.task(\"x\", 0);",
                                        "face.task(\"x\", TaskOptions.DEFAULT.deadline(Duration.ofSeconds(1)).uniqueKey(\"k\").retries(3));",
                                        "Consumer<Object> sink = IO::println; face.onFinish(sink).onTaskFailed(sink); face.task(\"x\", sink);",
                                        "Consumer<Object> sink = IO::println; face.submit(\"x\").progress(sink).progress(null);",
                                        "Consumer<Object> sink = IO::println; face.onTaskQueueFull(sink).onTaskQueueDrain(sink).onWorkerError(sink);",
                                        "face.clearTimer(face.tick(Duration.ofSeconds(1), () -> {}) + face.after(Duration.ofSeconds(1), () -> {}));")))
                .isEmpty();
    }

    /** What the compiler says to each form, on either face; nothing for those it takes. A form is a method, a line each. */
    private Map<String, String> errors(List<String> forms) {
        var methods = IntStream.range(0, 2 * forms.size())
                .mapToObj(i -> "void form%d(%s face) { %s }"
                        .formatted(i, i < forms.size() ? "Server" : "Worker", forms.get(i % forms.size())))
                .collect(Collectors.joining("\n"));
        var said = new DiagnosticCollector<JavaFileObject>();
        var options = List.of(
                "-proc:none",
                "-Xmaxerrs",
                "1000",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"));
        var source = source(BEFORE + methods + "\n}\n");
        ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, said, options, null, List.of(source))
                .call();
        long before = BEFORE.lines().count();
        return said.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .collect(Collectors.toMap(
                        error -> forms.get((int) (error.getLineNumber() - before - 1) % forms.size()),
                        error -> error.getMessage(Locale.ENGLISH),
                        String::concat));
    }

    private static JavaFileObject source(String text) {
        return new SimpleJavaFileObject(URI.create("string:///Forms.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
