package dev.shunt.opentelemetry;

import dev.shunt.task.TaskContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Traces that go with tasks, by OpenTelemetry's conventions for messaging: a span {@code send TYPE} (producer) when a task is
 * submitted, and one {@code process TYPE} (consumer) around each attempt of its handler, in whatever process that is. Given
 * to a program by {@code settings.taskContext(new ShuntTracing(openTelemetry))}. Immutable, safe for use by any thread.
 */
public final class ShuntTracing implements TaskContext {

    private static final String SCOPE = "dev.shunt";
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> MESSAGE_ID = AttributeKey.stringKey("messaging.message.id");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("shunt.attempt");
    private static final AttributeKey<String> SCHEDULE = AttributeKey.stringKey("shunt.schedule");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable Map<String, String> headers, String key) {
            return headers == null ? null : headers.get(key);
        }
    };

    private final Tracer tracer;
    private final TextMapPropagator form;
    private final boolean baggage;
    private final TextMapPropagator propagator;
    private final Correlation correlation;

    /** With {@link Correlation#AUTO}, by W3C's trace context, without baggage. */
    public ShuntTracing(OpenTelemetry openTelemetry) {
        this(
                Objects.requireNonNull(openTelemetry, "ShuntTracing(null): give what it traces with")
                        .getTracer(SCOPE),
                W3CTraceContextPropagator.getInstance(),
                false,
                Correlation.AUTO);
    }

    private ShuntTracing(Tracer tracer, TextMapPropagator form, boolean baggage, Correlation correlation) {
        this.tracer = tracer;
        this.form = form;
        this.baggage = baggage;
        this.correlation = correlation;
        propagator = baggage ? TextMapPropagator.composite(form, W3CBaggagePropagator.getInstance()) : form;
    }

    /** How the span of an attempt belongs to that of its submission. Default: {@link Correlation#AUTO}. */
    public ShuntTracing withCorrelation(Correlation value) {
        return new ShuntTracing(tracer, form, baggage, Objects.requireNonNull(value, "correlation"));
    }

    /** Takes the baggage along as well, which is data of users: it is stored with tasks, and shown with them. */
    public ShuntTracing withBaggage() {
        return new ShuntTracing(tracer, form, true, correlation);
    }

    /** The trace in another form, such as B3; the baggage stays as it was asked for. */
    public ShuntTracing withPropagator(TextMapPropagator value) {
        return new ShuntTracing(tracer, Objects.requireNonNull(value, "propagator"), baggage, correlation);
    }

    @Override
    public void capture(BiConsumer<String, String> headers) {
        inject(Context.current(), headers);
    }

    /** What a schedule submits is nobody's child. What is not sampled has no span, but is told to whoever runs the task. */
    @Override
    public void capture(Sent task, BiConsumer<String, String> headers) {
        var current = Context.current();
        if (!tracer.isEnabled() || (task.schedule().isEmpty() && isUnsampled(Span.fromContext(current)))) {
            inject(current, headers);
            return;
        }
        var builder = span("send", task.type(), SpanKind.PRODUCER);
        task.schedule().ifPresent(name -> builder.setNoParent().setAttribute(SCHEDULE, name));
        var span = builder.startSpan();
        try {
            inject(current.with(span), headers);
        } finally {
            span.end();
        }
    }

    private static boolean isUnsampled(Span span) {
        return span.getSpanContext().isValid() && !span.getSpanContext().isSampled() && !span.isRecording();
    }

    private void inject(Context context, BiConsumer<String, String> headers) {
        if (correlation != Correlation.NONE) {
            propagator.inject(context, headers, (all, name, value) -> headers.accept(name, value));
        }
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // whoever asks closes it
    public AutoCloseable restore(Map<String, String> headers) {
        return propagator.extract(Context.root(), headers, GETTER).makeCurrent();
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // as above
    public Scope restore(Run attempt) {
        var sender = propagator.extract(Context.root(), attempt.headers(), GETTER);
        if (!tracer.isEnabled() || (isChild(attempt) && isUnsampled(Span.fromContext(sender)))) {
            return sender.makeCurrent()::close;
        }
        var builder = span("process", attempt.type(), SpanKind.CONSUMER)
                .setAttribute(MESSAGE_ID, Long.toString(attempt.id()))
                .setAttribute(ATTEMPT, (long) attempt.attempt());
        var sent = Span.fromContext(sender).getSpanContext();
        if (isChild(attempt)) {
            builder.setParent(sender);
        } else {
            builder.setNoParent();
            if (sent.isValid() && correlation != Correlation.NONE) {
                builder.addLink(sent);
            }
        }
        var span = builder.startSpan();
        return new Processing(span, sender.with(span).makeCurrent());
    }

    private boolean isChild(Run attempt) {
        return switch (correlation) {
            case AUTO -> attempt.attempt() == 1 && !attempt.late();
            case CHILD -> true;
            case LINK, NONE -> false;
        };
    }

    private SpanBuilder span(String operation, String destination, SpanKind kind) {
        return tracer.spanBuilder(operation + ' ' + destination)
                .setSpanKind(kind)
                .setAttribute(SYSTEM, "shunt")
                .setAttribute(OPERATION, operation)
                .setAttribute(OPERATION_TYPE, operation)
                .setAttribute(DESTINATION, destination);
    }

    private record Processing(Span span, io.opentelemetry.context.Scope current) implements Scope {

        @Override
        public void failed(Throwable problem) {
            span.setAttribute(ERROR, problem.getClass().getName());
            span.setStatus(StatusCode.ERROR, String.valueOf(problem.getMessage()));
            span.recordException(problem);
        }

        @Override
        public void close() {
            current.close();
            span.end();
        }
    }

    @Override
    public String toString() {
        return "ShuntTracing " + correlation;
    }
}
