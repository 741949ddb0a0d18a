package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Listening;
import dev.shunt.opentelemetry.ShuntTracing;
import dev.shunt.server.Server;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What watches a server while it is measured. */
public enum Observed {
    /** Nothing. */
    NOT {
        @Override
        Runnable attach(Server server) {
            return () -> {};
        }
    },
    /** {@code /metrics}, which is read each second. */
    METRICS {
        @Override
        Runnable attach(Server server) {
            int port = freePort();
            server.set(settings -> settings.metrics(Listening.HOST, port));
            return () -> readEachSecond(port);
        }
    },
    /** Tracing with OpenTelemetry's SDK, of which nothing is sampled. */
    UNSAMPLED {
        @Override
        Runnable attach(Server server) {
            var telemetry = OpenTelemetrySdk.builder()
                    .setTracerProvider(SdkTracerProvider.builder()
                            .setSampler(Sampler.alwaysOff())
                            // without one the SDK would make no spans at all
                            .addSpanProcessor(SimpleSpanProcessor.create(SpanExporter.composite()))
                            .build())
                    .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                    .build();
            server.set(settings -> settings.taskContext(new ShuntTracing(telemetry)));
            return () -> {};
        }
    };

    /** What is to be done once it has started. */
    abstract Runnable attach(Server server);

    /** The third argument of a program; nothing watches one that has none. */
    static Observed of(String... arguments) {
        return arguments.length > 2 ? valueOf(arguments[2]) : NOT;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readEachSecond(int port) {
        var client = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(URI.create("http://" + Listening.HOST + ':' + port + "/metrics"))
                .build();
        var _ = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("collector").factory())
                .scheduleAtFixedRate(() -> read(client, request), 1, 1, TimeUnit.SECONDS);
    }

    private static void read(HttpClient client, HttpRequest request) {
        try {
            int status = client.send(request, BodyHandlers.ofString()).statusCode();
            if (status != 200) {
                System.err.println("/metrics answered " + status);
            }
        } catch (IOException e) {
            System.err.println("/metrics: " + e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
