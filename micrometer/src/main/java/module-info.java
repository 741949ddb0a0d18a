/** Shunt's meters for Micrometer, and {@code /metrics}. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.shunt.micrometer {
    requires transitive dev.shunt;
    requires transitive micrometer.core;
    requires static micrometer.registry.prometheus; // for /metrics alone
    requires org.jspecify;
    requires org.slf4j;

    exports dev.shunt.micrometer;

    provides dev.shunt.control.MetricsFormat with
            dev.shunt.micrometer.PrometheusFormat;
}
