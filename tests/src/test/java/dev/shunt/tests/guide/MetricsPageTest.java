package dev.shunt.tests.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.micrometer.ShuntMeters;
import dev.shunt.server.Server;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** What the page about metrics says of settings, and of a registry of the program's own. */
class MetricsPageTest {

    private final Server server = new Server("127.0.0.1", 0);

    @Test
    void anAddress_isSaid() {
        server.set(settings -> settings.metrics("127.0.0.1", 9464));
        assertThatThrownBy(() -> server.set(settings -> settings.metrics("127.0.0.1", 65_536)))
                .hasMessageContaining("65536")
                .hasMessageContaining("65535");
        assertThatThrownBy(() -> server.set(settings -> settings.metrics("", 1)))
                .hasMessageContaining("metrics(\"\"): give a name");
    }

    /** A program that has not started has no numbers yet, and its meters do not fail. */
    @Test
    void aRegistryOfTheProgramsOwn_isBoundBeforeTheStart() {
        var registry = new SimpleMeterRegistry();
        ShuntMeters.of(server)
                .bindTo(registry); // a Server, a Worker or a TaskPool, in the manager, before or after it starts
        assertThat(registry.get("shunt.tasks.dead").gauge().value()).isNaN();
    }
}
