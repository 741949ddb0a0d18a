package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.control.Health;
import dev.shunt.testing.Gate;
import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.Steered;
import dev.shunt.tests.programs.TaskServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager hears: systemd's protocol, by a real datagram socket. */
@Tag("processes")
class ServiceManagerTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private static Launch server(String socket) {
        return Launch.of(TaskServer.class, "--task-workers", 1).withEnvironment("NOTIFY_SOCKET", socket);
    }

    @Test
    void program_saysThatItIsReady_alive_reloading_stopping() {
        String socket = directory.resolve("notify").toString();
        try (var systemd = new NotifyReceiver(socket)) {
            var program = programs.start(server(socket).withEnvironment("WATCHDOG_USEC", "400000"));
            await().until(() -> !systemd.changes().isEmpty());
            assertThat(systemd.changes()).containsExactly("READY=1");
            assertThat(program.port()).as("ready means that it accepts").isPositive();
            long before = systemd.pings();
            await().until(() -> systemd.pings() >= before + 3);
            Signals.send("USR1", program.pid());
            await().until(() -> systemd.changes().size() == 3);
            assertThat(program.stop()).isZero();
            await().untilAsserted(() -> assertThat(systemd.changes())
                    .isEqualTo(List.of("READY=1", "RELOADING=1\nMONOTONIC_USEC=N", "READY=1", "STOPPING=1")));
        }
    }

    @Test
    void loopThatIsHeldUp_isNotLive_andTheServiceManagerHearsNothing() {
        String socket = directory.resolve("notify").toString();
        try (var systemd = new NotifyReceiver(socket);
                var gate = new Gate()) {
            var program = programs.start(Launch.of(Steered.class, "--run-dir", directory.resolve("run"))
                    .withEnvironment("NOTIFY_SOCKET", socket)
                    .withEnvironment("WATCHDOG_USEC", "400000"));
            var control = new ControlSocket(directory.resolve("run/control"));
            try (var client = new LineClient(program.port())) {
                await().until(() -> systemd.pings() > 0);
                await().until(() -> control.get("/health/live").status() == 200);
                client.send("hold " + gate.port());
                var held = gate.await();
                await().atMost(Program.PATIENCE)
                        .until(() -> control.get("/health/live").status() == 503);
                assertThat(control.get("/health/live").as(Health.class).problems())
                        .singleElement()
                        .asString()
                        .contains("main loop has not turned");
                assertThat(control.get("/api/v1/status").status()).isEqualTo(503);
                long pings = systemd.pings();
                await().during(Duration.ofSeconds(2)).until(() -> systemd.pings() == pings);
                held.release("");
                assertThat(client.read()).isEqualTo("held");
                await().atMost(Program.PATIENCE)
                        .until(() -> control.get("/health/ready").status() == 200);
                await().atMost(Program.PATIENCE).until(() -> systemd.pings() > pings);
            }
        }
    }

    @Test
    void abstractSocket_isSpokenToAsWell_andNobodyIsPingedWhoDidNotAsk() {
        String socket = "@shunt-test-" + ProcessHandle.current().pid();
        try (var systemd = new NotifyReceiver(socket)) {
            var program = programs.start(
                    server(socket).withEnvironment("WATCHDOG_USEC", "1000").withEnvironment("WATCHDOG_PID", "1"));
            await().until(() -> !systemd.changes().isEmpty());
            assertThat(program.stop()).isZero();
            await().untilAsserted(() -> assertThat(systemd.told()).containsExactly("READY=1", "STOPPING=1"));
        }
    }

    @Test
    void nobodyListens_orTheAddressIsNone_programServesAllTheSame() {
        var deaf = programs.start(server(directory.resolve("nobody").toString()));
        assertThat(deaf.port()).isPositive();
        deaf.awaitLine("nobody could not be told \"READY=1\"");
        assertThat(deaf.stop()).isZero();
        var odd = programs.start(server("vsock:2:1234"));
        assertThat(odd.port()).isPositive();
        odd.awaitLine("NOTIFY_SOCKET=vsock:2:1234 is neither a path nor an abstract name");
        assertThat(odd.stop()).isZero();
    }
}
