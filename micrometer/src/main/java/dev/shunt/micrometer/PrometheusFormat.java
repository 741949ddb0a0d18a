package dev.shunt.micrometer;

import dev.shunt.control.Measures;
import dev.shunt.control.MetricsFormat;
import dev.shunt.control.Pages.Page;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /metrics} of a program, in Prometheus's text. Its registry is made when somebody asks first. */
public final class PrometheusFormat implements MetricsFormat {

    private static final String REGISTRY = "io.micrometer.prometheusmetrics.PrometheusMeterRegistry";
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    @Override
    public boolean isUsable() {
        try {
            Class.forName(REGISTRY, false, PrometheusFormat.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | NoClassDefFoundError _) {
            return false;
        }
    }

    @Override
    public Source open(Supplier<Measures> measures) {
        return new Text(measures);
    }

    private static final class Text implements Source {

        private final ShuntMeters meters;
        private @Nullable PrometheusMeterRegistry registry;

        Text(Supplier<Measures> measures) {
            meters = new ShuntMeters(measures);
        }

        /** One at a time: each is all of one moment. */
        @Override
        public synchronized Page page() {
            meters.read();
            if (registry == null) {
                registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
                meters.bindTo(registry);
            }
            return new Page(TYPE, registry.scrape(TYPE).getBytes(StandardCharsets.UTF_8));
        }
    }
}
