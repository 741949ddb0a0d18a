/** Traces that go with tasks. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.shunt.opentelemetry {
    requires transitive dev.shunt;
    requires transitive io.opentelemetry.api;
    requires transitive io.opentelemetry.context;
    requires org.jspecify;

    exports dev.shunt.opentelemetry;
}
