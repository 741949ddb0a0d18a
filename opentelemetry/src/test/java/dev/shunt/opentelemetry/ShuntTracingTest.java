package dev.shunt.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.pool.TaskPool;
import dev.shunt.task.TaskContext;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.ManualPool;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spans of a pool that runs when it is told, and of an exporter that keeps them. */
class ShuntTracingTest {

    record Mail(String to) {}

    record Report(String name) {}

    private static final String MAIL = Mail.class.getName();

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetry telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();
    private final Map<String, String> seen = new HashMap<>();
    private String baggage = "";

    private ManualPool start(ShuntTracing tracing) {
        var pool = TaskPool.builder().slots(1).taskContext(tracing);
        pool.handle(Mail.class, (mail, task) -> {
            seen.putAll(task.headers());
            baggage = String.valueOf(Baggage.current().getEntryValue("tenant"));
            if (mail.to().equals("bob") && task.attempt() == 1) {
                throw new IllegalStateException("no mail server");
            }
            if (mail.to().equals("ann")) {
                pool.pool().submit(new Report("of ann"));
            }
        });
        pool.handle(Report.class, (report, task) -> {});
        return ManualPool.start(pool);
    }

    private void submit(ManualPool manual, Mail mail, TaskOptions options) {
        var request = telemetry.getTracer("test").spanBuilder("POST /mail").startSpan();
        try (var _ = request.makeCurrent()) {
            manual.engine().await(manual.pool().submit(mail, options));
        } finally {
            request.end();
        }
        manual.engine().runDue();
    }

    private List<SpanData> spans(String name) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private SpanData span(String name) {
        assertThat(spans(name)).as(exporter.getFinishedSpanItems().toString()).hasSize(1);
        return spans(name).getFirst();
    }

    @Test
    void requestTaskAndNestedTask_areOneTrace_withTheKindsOfMessaging() {
        try (var manual = start(new ShuntTracing(telemetry))) {
            submit(manual, new Mail("ann"), TaskOptions.DEFAULT);
        }
        var request = span("POST /mail");
        var sent = span("send " + MAIL);
        var processed = span("process " + MAIL);
        var nested = span("send " + Report.class.getName());
        var last = span("process " + Report.class.getName());
        assertThat(List.of(sent, processed, nested, last))
                .extracting(SpanData::getTraceId)
                .containsOnly(request.getTraceId());
        assertThat(sent.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(processed.getParentSpanId()).isEqualTo(sent.getSpanId());
        assertThat(nested.getParentSpanId()).isEqualTo(processed.getSpanId());
        assertThat(last.getParentSpanId()).isEqualTo(nested.getSpanId());
        assertThat(sent.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(processed.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(processed.getLinks()).isEmpty();
        assertThat(attributes(sent))
                .containsEntry("messaging.system", "shunt")
                .containsEntry("messaging.operation.name", "send")
                .containsEntry("messaging.operation.type", "send")
                .containsEntry("messaging.destination.name", MAIL);
        assertThat(attributes(processed))
                .containsEntry("messaging.system", "shunt")
                .containsEntry("messaging.operation.name", "process")
                .containsEntry("messaging.operation.type", "process")
                .containsEntry("messaging.destination.name", MAIL)
                .containsEntry("shunt.attempt", "1")
                .containsKey("messaging.message.id");
        assertThat(Span.current().getSpanContext().isValid())
                .as("nothing is left on the thread")
                .isFalse();
    }

    /** Asked for {@code process}, the sampler would take it: it takes all that has no parent. */
    @Test
    void belowASpanThatIsNotSampled_nothingIs_andTheHeaderSaysSo() {
        var unsampled = Span.wrap(SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getDefault(),
                TraceState.getDefault()));
        try (var manual = start(new ShuntTracing(telemetry));
                var _ = unsampled.makeCurrent()) {
            manual.engine().await(manual.pool().submit(new Mail("ann")));
            manual.engine().runDue();
        }
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
        assertThat(seen).containsEntry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
    }

    @Test
    void withoutAnythingThatTakesSpans_noHeaderIsWritten() {
        var nothing = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder().build())
                .build();
        try (var manual = start(new ShuntTracing(nothing))) {
            manual.engine().await(manual.pool().submit(new Mail("ann")));
        }
        assertThat(seen).isEmpty();
    }

    private static Map<String, String> attributes(SpanData span) {
        var all = new HashMap<String, String>();
        span.getAttributes().forEach((key, value) -> all.put(key.getKey(), String.valueOf(value)));
        return all;
    }

    @Test
    void attemptThatFails_saysItsError_andTheNextOneIsOfANewTrace_withALink_andItsNumber() {
        try (var manual = start(new ShuntTracing(telemetry))) {
            submit(manual, new Mail("bob"), TaskOptions.DEFAULT.retries(1));
        }
        var sent = span("send " + MAIL);
        var first = spans("process " + MAIL).getFirst();
        var second = spans("process " + MAIL).getLast();
        assertThat(first.getParentSpanId()).isEqualTo(sent.getSpanId());
        assertThat(first.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(first.getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo(IllegalStateException.class.getName());
        assertThat(second.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(attributes(second)).containsEntry("shunt.attempt", "2");
        assertThat(second.getTraceId()).isNotEqualTo(sent.getTraceId());
        assertThat(second.getParentSpanContext().isValid()).isFalse();
        assertThat(second.getLinks().getFirst().getSpanContext().getSpanId()).isEqualTo(sent.getSpanId());
    }

    @Test
    void delayedTask_isOfANewTrace_withALink() {
        try (var manual = start(new ShuntTracing(telemetry))) {
            submit(manual, new Mail("eve"), TaskOptions.DEFAULT.delay(Duration.ofMinutes(1)));
        }
        var sent = span("send " + MAIL);
        var processed = span("process " + MAIL);
        assertThat(sent.getTraceId()).isEqualTo(span("POST /mail").getTraceId());
        assertThat(processed.getTraceId()).isNotEqualTo(sent.getTraceId());
        assertThat(processed.getLinks().getFirst().getSpanContext().getTraceId())
                .isEqualTo(sent.getTraceId());
    }

    @Test
    void scheduledTask_isNobodysChild_andSaysItsSchedule() {
        var pool = TaskPool.builder()
                .slots(1)
                .taskContext(new ShuntTracing(telemetry))
                .handle(Report.class, (report, task) -> seen.putAll(task.headers()))
                .schedule("hourly", Duration.ofHours(1), () -> new Report("of the hour"));
        try (var manual = ManualPool.start(pool)) {
            manual.engine().clock().advance(Duration.ofHours(1));
            manual.engine().runDue();
            manual.engine().runDue();
        }
        var sent = spans("send " + Report.class.getName()).getFirst();
        var processed = spans("process " + Report.class.getName()).getFirst();
        assertThat(sent.getParentSpanContext().isValid()).isFalse();
        assertThat(attributes(sent)).containsEntry("shunt.schedule", "hourly");
        assertThat(processed.getTraceId()).isNotEqualTo(sent.getTraceId());
        assertThat(processed.getLinks()).hasSize(1);
        assertThat(seen).containsEntry("shunt-schedule", "hourly");
    }

    @ParameterizedTest
    @CsvSource({"LINK, false, true", "CHILD, true, false", "NONE, false, false"})
    void correlation_isAsItWasSet(Correlation correlation, boolean child, boolean link) {
        try (var manual = start(new ShuntTracing(telemetry).withCorrelation(correlation))) {
            submit(manual, new Mail("eve"), TaskOptions.DEFAULT.delay(Duration.ofMinutes(1)));
            submit(manual, new Mail("eve"), TaskOptions.DEFAULT);
        }
        assertThat(spans("process " + MAIL)).hasSize(2).allSatisfy(processed -> {
            assertThat(processed.getParentSpanContext().isValid()).isEqualTo(child);
            assertThat(processed.getLinks()).hasSize(link ? 1 : 0);
        });
        assertThat(seen).hasSize(correlation == Correlation.NONE ? 0 : 1);
    }

    @Test
    void baggage_staysWhereItIs_unlessItIsAskedFor() {
        for (var tracing : List.of(new ShuntTracing(telemetry), new ShuntTracing(telemetry).withBaggage())) {
            try (var manual = start(tracing);
                    var _ = Baggage.builder().put("tenant", "acme").build().makeCurrent()) {
                manual.pool().submit(new Mail("eve"));
                try (var _ = Baggage.empty().makeCurrent()) {
                    manual.engine().runDue();
                }
            }
            assertThat(seen.containsKey("baggage")).isEqualTo(baggage.equals("acme"));
        }
        assertThat(baggage).isEqualTo("acme");
    }

    @Test
    void baggageAndAnotherForm_goTogether_inEitherOrder() {
        var form = new OtherForm();
        for (var tracing : List.of(
                new ShuntTracing(telemetry).withBaggage().withPropagator(form),
                new ShuntTracing(telemetry).withPropagator(form).withBaggage())) {
            var headers = new HashMap<String, String>();
            try (var _ = Baggage.builder().put("tenant", "acme").build().makeCurrent()) {
                tracing.capture(headers::put);
            }
            assertThat(headers).containsExactlyInAnyOrderEntriesOf(Map.of("x-form", "other", "baggage", "tenant=acme"));
        }
    }

    /** Writes one header, whatever the context is. */
    private static final class OtherForm implements TextMapPropagator {

        @Override
        public Collection<String> fields() {
            return List.of("x-form");
        }

        @Override
        public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
            setter.set(carrier, "x-form", "other");
        }

        @Override
        public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
            return context;
        }
    }

    @Test
    void headersThatTheTaskHasAlready_leaveRoomOrTheTraceIsLeftOut() {
        var options = TaskOptions.DEFAULT;
        for (int i = 0; i < 16; i++) {
            options = options.header("mine-" + i, "x");
        }
        try (var manual = start(new ShuntTracing(telemetry))) {
            submit(manual, new Mail("eve"), options);
        }
        assertThat(seen).hasSize(16).doesNotContainKey("traceparent");
        assertThat(span("process " + MAIL).getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void restoredByHeadersAlone_theSenderIsCurrent() throws Exception {
        TaskContext tracing = new ShuntTracing(telemetry);
        var headers = new HashMap<String, String>();
        tracing.capture(new TaskContext.Sent(MAIL, TaskOptions.DEFAULT, Optional.empty()), headers::put);
        try (var _ = tracing.restore(headers)) {
            assertThat(Span.current().getSpanContext().getTraceId())
                    .isEqualTo(span("send " + MAIL).getTraceId());
        }
    }
}
