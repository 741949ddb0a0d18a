package dev.shunt.tests.programs;

import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.opentelemetry.ShuntTracing;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.Durability;
import dev.shunt.task.Task;
import dev.shunt.task.TaskOptions;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.MDC;

/**
 * An HTTP server whose requests become tasks, with traces: all its processes write their spans into one file, a line each.
 * The first attempt of an order ends its own process.
 */
public final class Traced {

    /** @param dies in its first attempt */
    public record Order(String item, boolean dies) {}

    public record Receipt(String item) {}

    private final Path directory;
    private final OpenTelemetry telemetry;
    private final Server server = new Server("127.0.0.1", 0);

    private Traced(Path directory) {
        this.directory = directory;
        telemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(new Lines(directory.resolve("spans"))))
                        .build())
                .build();
    }

    static void main(String[] args) {
        new Traced(Path.of(Options.of(args).text("directory", ""))).run();
    }

    private void run() {
        server.set(settings -> settings.protocol(HttpProtocol.DEFAULT)
                .taskWorkerNum(2)
                .taskProcesses(2)
                .taskLog(SqliteTaskLog.at(directory.resolve("tasks.db"))));
        server.set(settings -> settings.taskContext(new ShuntTracing(telemetry)));
        server.onRequest(this::traced);
        server.handle(Order.class, this::order);
        server.handle(Receipt.class, (receipt, task) -> note(task, receipt.item()));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.start();
    }

    private void traced(Request request, Response response) {
        var span = telemetry
                .getTracer("http")
                .spanBuilder(request.method() + ' ' + request.path())
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        try (var _ = span.makeCurrent()) {
            long id = server.task(
                    new Order(
                            request.query("item").orElse("tea"), request.path().equals("/dying")),
                    TaskOptions.DEFAULT
                            .retries(3)
                            .backoff(Duration.ofMillis(1))
                            .delay(Duration.ofMillis(
                                    Long.parseLong(request.query("delay").orElse("0"))))
                            .durability(Durability.DISK)
                            .header("tenant", "acme"));
            response.json(Map.of("task", id));
        } finally {
            span.end();
        }
    }

    private void order(Order order, Task task) {
        note(task, order.item());
        if (order.dies() && task.attempt() == 1) {
            Runtime.getRuntime().halt(7);
        }
        server.task(new Receipt(order.item()));
    }

    /** What the handler finds of its task where loggers look. */
    private void note(Task task, String item) {
        var known = new TreeMap<>(MDC.getCopyOfContextMap());
        known.put("item", item);
        known.put("pid", Long.toString(ProcessHandle.current().pid()));
        known.put("tenant", task.headers().getOrDefault("tenant", ""));
        known.put("id", Long.toString(task.id()));
        MDC.put("left." + item, "by its handler");
        write(directory.resolve("notes"), text(known));
    }

    private static String text(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + '=' + field.getValue())
                .collect(Collectors.joining(";"));
    }

    private static void write(Path file, String line) {
        try {
            Files.writeString(file, line + '\n', StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a line for each span. */
    private record Lines(Path file) implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            spans.forEach(span -> write(file, text(fields(span))));
            return CompletableResultCode.ofSuccess();
        }

        private static Map<String, String> fields(SpanData span) {
            var fields = new TreeMap<String, String>();
            fields.put("name", span.getName());
            fields.put("kind", span.getKind().name());
            fields.put("trace", span.getTraceId());
            fields.put("span", span.getSpanId());
            fields.put("parent", span.getParentSpanContext().isValid() ? span.getParentSpanId() : "");
            fields.put(
                    "link",
                    span.getLinks().stream()
                            .map(link -> link.getSpanContext().getSpanId())
                            .collect(Collectors.joining(",")));
            fields.put("pid", Long.toString(ProcessHandle.current().pid()));
            span.getAttributes().forEach((key, value) -> fields.put(key.getKey(), String.valueOf(value)));
            return fields;
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
