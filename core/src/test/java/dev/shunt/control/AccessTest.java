package dev.shunt.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.time.Clock;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the actions that are allowed a path needs. */
class AccessTest {

    /** Knows two jobs, and nothing else. */
    private final ControlPort port = (ControlPort) Proxy.newProxyInstance(
            ControlPort.class.getClassLoader(), new Class<?>[] {ControlPort.class}, (_, method, _) -> {
                assertThat(method.getName()).isEqualTo("jobs");
                return List.of(job(1, "rerun"), job(2, "discard"));
            });

    private final ControlApi api = new ControlApi(port, Clock.system(), new Audit());

    private static JobInfo job(long number, String action) {
        return new JobInfo(number, action, "ann", 10, 1, "running", null);
    }

    private boolean isAllowed(String path, Set<String> actions) {
        return new Access(CrossOrigin.OF_SOCKET, "", Optional.empty(), actions, Optional.empty(), false)
                .notAllowed(api.actionsOf(path))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/jobs/1/stop, rerun, discard",
        "/api/v1/jobs/2/stop, discard, rerun",
        "/api/v1/dead/rerun, rerun, discard",
        "/api/v1/dead/discard, discard, rerun",
        "/api/v1/stop, stop, reload",
        "/api/v1/children/7/reload, reload, stop",
        "/api/v1/tasks/7/edit, edit, rerun"
    })
    void action_needsItsOwnRight_andAJobThatOfWhatItDoes(String path, String right, String other) {
        assertThat(isAllowed(path, Set.of(right))).isTrue();
        assertThat(isAllowed(path, Set.of(other))).isFalse();
        assertThat(isAllowed(path, Set.of())).isFalse();
    }

    @Test
    void jobThatThereIsNot_isNobodysSecret_butOfWhoMayOnlyRead() {
        assertThat(isAllowed("/api/v1/jobs/3/stop", Set.of("discard"))).isTrue();
        assertThat(isAllowed("/api/v1/jobs/3/stop", Set.of("rerun"))).isTrue();
        assertThat(isAllowed("/api/v1/jobs/3/stop", Set.of())).isFalse();
    }

    @Test
    void whatIsOnlyLookedAt_needsNone() {
        for (var path : List.of("/api/v1/jobs", "/api/v1/status", "/api/v1/tasks/stop", "/elsewhere", "/")) {
            assertThat(isAllowed(path, Set.of())).as(path).isTrue();
        }
    }

    @Test
    void emptyParameter_ofAQuestion_isNone_butNotOfAnAction() {
        var asked = new Asked("GET", "/api/v1/dead", Map.of("type", "", "error", "x"), new byte[0], "ann");
        var filter = Parameters.ofQuery(asked, () -> Instant.EPOCH).deadFilter(Set.of());
        assertThat(filter.type()).isEmpty();
        assertThat(filter.error()).contains("x");

        var done = new Asked(
                "POST", "/api/v1/dead/rerun", Map.of(), "{\"type\":\"\",\"error\":\"x\"}".getBytes(UTF_8), "ann");
        assertThat(api.answer(done).status()).isEqualTo(400);
    }
}
