package dev.shunt.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.control.ConsoleSettings.Credentials;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginTest {

    private static final String RIGHT = "ops:correct horse";

    private final StillClock clock = new StillClock();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // before each test
    private Login login;

    private static final class StillClock implements Clock {

        private long nanos;

        void advance(Duration by) {
            nanos += by.toNanos();
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long epochMillis() {
            return nanos / 1_000_000;
        }
    }

    @BeforeEach
    void read() throws IOException {
        var file = Files.writeString(directory.resolve("password"), "correct horse\n");
        login = Login.of(new Credentials("ops", file), clock);
    }

    /** 200, or why not. */
    private int status(String address, String credentials) {
        String said = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return login.problem(address, Optional.of("Basic " + said))
                .map(ControlException::status)
                .orElse(200);
    }

    private void failTenTimes(String address) {
        for (int i = 0; i < 10; i++) {
            assertThat(status(address, "ops:guess " + i)).isEqualTo(401);
        }
    }

    @Test
    void rightOnes_areLetIn_wrongNameOrPasswordIsNot() {
        assertThat(status("10.0.0.1", RIGHT)).isEqualTo(200);
        assertThat(status("10.0.0.1", "op:correct horse")).isEqualTo(401);
        assertThat(status("10.0.0.1", "ops:correct horse ")).isEqualTo(401);
        assertThat(login.problem("10.0.0.1", Optional.of("Basic %%%"))).isPresent();
        assertThat(login.problem("10.0.0.1", Optional.of("Bearer x"))).isPresent();
    }

    @Test
    void tenFailures_shutThatAddressOut_forTheRestOfTheMinute_andNoOther() {
        clock.advance(Duration.ofHours(1));
        failTenTimes("10.0.0.1");
        assertThat(status("10.0.0.1", RIGHT)).as("even with what is right").isEqualTo(429);
        assertThat(status("10.0.0.2", RIGHT)).isEqualTo(200);
        clock.advance(Duration.ofSeconds(59));
        assertThat(status("10.0.0.1", RIGHT)).isEqualTo(429);
        clock.advance(Duration.ofSeconds(1));
        assertThat(status("10.0.0.1", RIGHT)).isEqualTo(200);
    }

    @Test
    void failuresThatAreLongPast_doNotCount_norAQuestionWithoutCredentials() {
        for (int i = 0; i < 30; i++) {
            assertThat(login.problem("10.0.0.1", Optional.empty())).isPresent();
            assertThat(status("10.0.0.1", "ops:guess")).isEqualTo(401);
            clock.advance(Duration.ofSeconds(10));
        }
        assertThat(status("10.0.0.1", RIGHT)).isEqualTo(200);
    }

    @Test
    void manyAddresses_areNotAllRemembered() {
        failTenTimes("10.0.0.1");
        for (int i = 0; i < 1000; i++) {
            assertThat(status("address " + i, "ops:guess")).isEqualTo(401);
        }
        assertThat(status("10.0.0.1", RIGHT)).isEqualTo(200);
    }

    @Test
    void emptyOrMissingPasswordFile_isRefused() throws IOException {
        var empty = Files.writeString(directory.resolve("empty"), "\n");
        assertThatThrownBy(() -> Login.of(new Credentials("ops", empty), clock)).hasMessageContaining("is empty");
        var missing = directory.resolve("missing");
        assertThatThrownBy(() -> Login.of(new Credentials("ops", missing), clock))
                .hasMessageContaining(missing + " cannot be read (there is none)");
    }
}
