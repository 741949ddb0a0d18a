package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Everyone;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be asked about everyone who is connected, in both faces and wherever handlers run: one program, one suite. */
@Tag("processes")
@Timeout(120)
@ParameterizedClass
@EnumSource
class EveryoneContractTest {

    /** Which face, and where its handlers run. */
    enum Where {
        SERVER_EVENT_LOOP("--face server --placement event_loop"),
        SERVER_IN_PROCESS("--face server --placement in_process"),
        SERVER_CHILDREN("--face server --placement children --processes 2"),
        WORKER_EVENT_LOOP("--face worker --placement event_loop"),
        WORKER_CHILDREN("--face worker --placement children --processes 2");

        private final String arguments;

        Where(String arguments) {
            this.arguments = arguments;
        }
    }

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    EveryoneContractTest(Where where) {
        assertThat(where).isNotNull();
    }

    @BeforeParameterizedClassInvocation
    static void start(Where where) {
        program = programs.start(Launch.of(Everyone.class).withArguments((Object[]) where.arguments.split(" ", -1)));
        program.port();
    }

    private static TalkClient client() {
        return new TalkClient(program);
    }

    @Test
    void connections_arePaged_byIds() {
        try (var first = client();
                var second = client();
                var third = client()) {
            long before = first.id() - 1;

            assertThat(third.ask("page " + before + " 2")).isEqualTo(first.id() + " " + second.id());
            assertThat(first.ask("page " + second.id() + " 100")).isEqualTo(Long.toString(third.id()));
            assertThat(first.ask("page " + third.id() + " 100")).isEmpty();
            assertThat(Integer.parseInt(second.ask("all"))).isGreaterThanOrEqualTo(3);
            assertThat(first.ask("page 0 0")).startsWith("IllegalArgumentException: connections(0)");
        }
    }

    @Test
    void info_saysWhatTheManagerKnows() {
        var before = Instant.now().minusMillis(50);
        try (var one = client();
                var other = client()) {
            other.ask("open 1");
            var asked = Instant.now();
            other.ask("open 1");
            String info = one.ask("info " + other.id());

            assertThat(info).startsWith("ConnectionInfo[id=" + other.id() + ", remoteAddress=127.0.0.1:");
            assertThat(info).contains("localAddress=127.0.0.1:" + program.port(), "protocol=stream", "bytesIn=14,");
            assertThat(info).contains("waitingBytes=", "uid=, groups=[]");
            assertThat(field(info, "since")).isBetween(before, asked);
            assertThat(field(info, "lastMessage")).isBetween(asked.minusMillis(20), Instant.now());
            assertThat(one.ask("info 999999999")).isEqualTo("none");
        }
    }

    private static Instant field(String info, String name) {
        return Stream.of(info.split(", "))
                .filter(field -> field.startsWith(name + "="))
                .map(field -> Instant.parse(field.substring(name.length() + 1)))
                .collect(Collectors.toList())
                .getFirst();
    }

    @Test
    void anyConnection_isReached_byItsId() {
        try (var one = client();
                var other = client()) {
            assertThat(one.ask("open " + other.id())).isEqualTo("true");
            assertThat(one.ask("send " + other.id() + " hi")).isEqualTo("true");
            assertThat(other.read()).isEqualTo("hi");
            assertThat(one.ask("shut " + other.id())).isEqualTo("true");
            assertThat(other.awaitClose()).isEmpty();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(one.ask("open " + other.id())).isEqualTo("false"));
        }
    }

    @Test
    void abort_cuts_andOnCloseComes() {
        try (var one = client();
                var other = client()) {
            assertThat(one.ask("abort " + other.id())).isEqualTo("true");
            assertThat(other.awaitClose()).isEmpty();
            program.awaitLine("^closed " + other.id() + "$");
            assertThat(one.ask("abort " + other.id())).isEqualTo("false");
        }
    }
}
