package dev.shunt.examples;

import dev.shunt.server.ServerSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where a program's metrics are. */
public final class MetricsOptions {

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            converter = ConsoleOptions.Own.class,
            description =
                    "/metrics in Prometheus's text, /health/live and /health/ready, such as"
                            + " 127.0.0.1:9464")
    @Nullable Address address;

    /** For {@code Server.set}. */
    public void set(ServerSettings settings) {
        if (address != null) {
            settings.metrics(address.host(), address.port());
        }
    }
}
