package dev.shunt.tests.guide;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.server.Server;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page about the console says of settings. That it is served is {@code ConsoleTest}. */
class ConsolePageTest {

    private final Server server = new Server("127.0.0.1", 0);

    @Test
    void forThisMachine_nothingElseIsNeeded() {
        server.set(settings -> settings.console("127.0.0.1", 9090));
        assertThatThrownBy(server::endpoint).hasMessageContaining("has not started");
    }

    @Test
    void forOthers_thereAreCredentials() {
        server.set(settings -> settings.console(
                "0.0.0.0",
                9090,
                console -> console.credentials("ops", Path.of("/run/secrets/console-password"))
                        .allow("rerun", "cancel")
                        .hosts(List.of("ops.example.org"))
                        .prefix("/ops/shunt")));
        assertThatThrownBy(() -> server.set(settings -> settings.console("0.0.0.0", 9090)))
                .hasMessageContaining("credentials");
        assertThatThrownBy(() -> server.set(
                        settings -> settings.console("127.0.0.1", 9090, console -> console.allow("everything"))))
                .hasMessageContaining("everything")
                .hasMessageContaining("rerun");
    }
}
