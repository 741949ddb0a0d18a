package dev.shunt.tests.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ./shunt example counters}, with clients in both of its children. */
@Tag("processes")
class CountersTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Program program;

    @BeforeAll
    static void start() {
        program = programs.start(Launch.of("Counters", "--port", 0));
        program.port();
    }

    private static LineClient client() {
        return new LineClient(program.port());
    }

    @Test
    void clientsOfAllProcesses_countTogether_exactly() throws Exception {
        int clients = 8;
        int each = 250;
        try (var pool = Executors.newVirtualThreadPerTaskExecutor();
                var reader = client()) {
            for (int i = 0; i < clients; i++) {
                var _ = pool.submit(() -> {
                    try (var client = client()) {
                        for (int n = 0; n < each; n++) {
                            assertThat(Long.parseLong(client.ask("inc visits"))).isPositive();
                        }
                    }
                });
            }
            await().untilAsserted(
                            () -> assertThat(reader.ask("get visits")).isEqualTo(Integer.toString(clients * each)));
        }
    }

    @Test
    @SuppressWarnings("UnnecessaryAsync") // a number that a lambda reads
    void killedChild_losesNone() {
        var answered = new AtomicInteger();
        var numbers = new HashSet<Long>();
        try (var reader = client()) {
            for (int round = 0; round < 3; round++) {
                var clients = new ArrayList<>(List.of(client(), client(), client(), client()));
                for (int n = 0; n < 50; n++) {
                    for (var client : clients) {
                        numbers.add(Long.parseLong(client.ask("inc survivors")));
                        answered.incrementAndGet();
                    }
                }
                program.children().getFirst().destroyForcibly();
                clients.forEach(LineClient::close);
            }
            assertThat(reader.ask("get survivors")).isEqualTo(Integer.toString(answered.get()));
            assertThat(numbers).hasSize(answered.get());
        }
    }

    @Test
    void entries_areComparedAndSet_andExpire() {
        try (var one = client();
                var two = client()) {
            assertThat(one.ask("get color")).isEqualTo("none");
            assertThat(one.ask("cas color none red")).isEqualTo("true");
            assertThat(two.ask("cas color none green")).isEqualTo("false");
            assertThat(two.ask("cas color red green")).isEqualTo("true");
            assertThat(one.ask("get color")).isEqualTo("green");
            assertThat(one.ask("inc color")).startsWith("error: 'color' of table 'counters' is no whole number");

            assertThat(one.ask("put short lived 2")).isEqualTo("ok");
            assertThat(two.ask("get short")).isEqualTo("lived");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(two.ask("get short")).isEqualTo("none"));
            assertThat(one.ask("put n 5 60")).isEqualTo("ok");
            assertThat(two.ask("inc n")).isEqualTo("6");
            assertThat(two.ask("cas n 6 7")).isEqualTo("true");
            assertThat(one.ask("remove n")).isEqualTo("true");
            assertThat(one.ask("nonsense")).startsWith("error: this takes inc NAME");
            assertThat(one.ask("cas color green blue red")).startsWith("error: this takes inc NAME");
            assertThat(one.ask("get color")).isEqualTo("green");
        }
    }

    @Test
    void whatIsWrong_isSaid_andNothingChanges() {
        try (var one = client()) {
            assertThat(one.ask("inc")).startsWith("error: this takes inc NAME");
            assertThat(one.ask("")).startsWith("error: this takes inc NAME");
            assertThat(one.ask("inc n x")).isEqualTo("error: this takes a number: For input string: \"x\"");
            assertThat(one.ask("put k v soon")).isEqualTo("error: this takes a number: For input string: \"soon\"");
            assertThat(one.ask("put k v -1")).startsWith("error: timeToLive(PT-1S): give a duration above zero");
            assertThat(one.ask("get k")).isEqualTo("none");
            assertThat(one.ask("put most " + Long.MAX_VALUE)).isEqualTo("ok");
            assertThat(one.ask("inc most"))
                    .isEqualTo("error: 'most' of table 'counters' is " + Long.MAX_VALUE
                            + ", and with 1 more too large for a long; it stays");
            assertThat(one.ask("get most")).isEqualTo(Long.toString(Long.MAX_VALUE));
            assertThat(one.ask("get " + "k".repeat(100_000)))
                    .isEqualTo("error: get(100000 characters): a name has 1 to 255 characters");
            assertThat(one.ask("inc \u0001\u007f")).isEqualTo("1");
        }
    }

    @Test
    void subscribers_inAllProcesses_hear() {
        try (var one = client();
                var two = client();
                var three = client()) {
            assertThat(one.ask("subscribe news")).isEqualTo("subscribed news");
            assertThat(two.ask("subscribe news")).isEqualTo("subscribed news");
            assertThat(three.ask("publish news it  rains   again")).isEqualTo("2");
            assertThat(one.read()).isEqualTo("news it  rains   again");
            assertThat(two.read()).isEqualTo("news it  rains   again");
            assertThat(three.ask("publish silence word")).isEqualTo("0");
        }
    }
}
