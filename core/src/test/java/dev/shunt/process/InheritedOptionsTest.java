package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would open a port in each child stays with the manager. */
class InheritedOptionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"prometheus|none", "otlp,prometheus|otlp", "prometheus , otlp| otlp", "otlp|otlp", "none|none"})
    void exporterWithAPort_isTheManagersAlone(String managers, String childrens) {
        assertThat(InheritedOptions.of(List.of("-Dotel.metrics.exporter=" + managers)))
                .singleElement()
                .asString()
                .isEqualToIgnoringWhitespace("-Dotel.metrics.exporter=" + childrens);
        var environment = new HashMap<>(Map.of("OTEL_METRICS_EXPORTER", managers, "JAVA_TOOL_OPTIONS", "-ea"));
        InheritedOptions.tidy(environment);
        assertThat(environment).containsOnlyKeys("OTEL_METRICS_EXPORTER");
        assertThat(environment.get("OTEL_METRICS_EXPORTER")).isEqualToIgnoringWhitespace(childrens);
    }

    @Test
    void agents_areInherited_butForThoseThatAreAPort() {
        assertThat(InheritedOptions.of(List.of(
                        "-javaagent:/opt/opentelemetry-javaagent.jar",
                        "-javaagent:/opt/jmx_prometheus_javaagent-1.4.0.jar=9404:config.yaml",
                        "-Dcom.sun.management.jmxremote.port=9010",
                        "-Dotel.exporter.prometheus.port=9464")))
                .containsExactly("-javaagent:/opt/opentelemetry-javaagent.jar", "-Dotel.exporter.prometheus.port=9464");
    }
}
