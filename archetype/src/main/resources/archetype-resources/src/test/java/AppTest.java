package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shunt.testkit.ManualEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppTest {

    @Test
    void client_isGreeted() {
        try (var engine = ManualEngine.of(App.server(0))) {
            var client = engine.connect();
            client.send("ann");
            engine.runDue();
            assertEquals(List.of("hello ann\n"), client.received());
        }
    }
}
