package dev.shunt.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./shunt bench --quick}: that all works, not how fast it is. */
@Tag("processes")
class BenchTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    echo       | shunt shunt-children netty vertx jdk | replies_per_second p50_micros p99_micros
                    http       | shunt shunt-children netty vertx jdk | replies_per_second p50_micros p99_micros
                    http-task  | shunt vertx vertx-bus jdk            | replies_per_second p50_micros p99_micros
                    upload     | shunt shunt-children netty vertx jdk | replies_per_second p50_micros p99_micros
                    websocket  | shunt shunt-children netty vertx     | replies_per_second p50_micros p99_micros
                    fire       | shunt vertx vertx-bus jdk            | tasks_per_second
                    latency    | shunt vertx vertx-bus jdk            | p50_micros p99_micros
                    end-to-end | shunt vertx vertx-bus jdk            | replies_per_second p50_micros p99_micros
                    seed       | shunt shunt-in-process shunt-event-loop netty vertx | replies_per_second p50_micros p99_micros
                    durable    | shunt                                | tasks_per_second
                    memory     | shunt vertx jdk                      | pss_megabytes
                    startup    | shunt netty vertx jdk                | startup_millis
                    startup    | shunt jdk                            | replaced_millis
                    fairness   | shunt vertx vertx-bus jdk            | millis_until_all_ended
                    reload     | shunt                                | longest_gap_millis
                    """)
    void scenario_hasAResultOfEachContender(String scenario, String contenders, String metrics) {
        var results = results(scenario);

        assertThat(results).allSatisfy(result -> {
            assertThat(result.propertyNames())
                    .containsExactlyInAnyOrder(
                            "scenario", "contender", "parameters", "metric", "median", "min", "max", "rounds");
            assertThat(result.path("scenario").stringValue()).isEqualTo(scenario);
            assertThat(result.path("rounds").intValue()).isEqualTo(1);
            assertThat(result.path("median").doubleValue())
                    .isBetween(
                            result.path("min").doubleValue(), result.path("max").doubleValue());
        });
        for (String contender : contenders.split(" ", -1)) {
            for (String metric : metrics.split(" ", -1)) {
                assertThat(results)
                        .as(metric + " of " + contender)
                        .anyMatch(
                                result -> result.path("contender").stringValue().equals(contender)
                                        && result.path("metric").stringValue().equals(metric)
                                        && result.path("min").doubleValue() > 0);
            }
        }
    }

    @Test
    void reload_losesNoResult() {
        assertThat(results("reload"))
                .filteredOn(result -> result.path("metric").stringValue().equals("results_lost"))
                .singleElement()
                .satisfies(
                        result -> assertThat(result.path("max").doubleValue()).isZero());
    }

    private static List<JsonNode> results(String scenario) {
        return JsonMapper.shared()
                .readTree(resultsOfAll())
                .path("results")
                .valueStream()
                .filter(result -> result.path("scenario").stringValue().equals(scenario))
                .toList();
    }

    private static Path resultsOfAll() {
        return programs.directory().resolve("results.json");
    }

    @BeforeAll
    @Timeout(500)
    static void measureAll() {
        var bench = bench("--quick", "--json", resultsOfAll());
        await().atMost(Duration.ofSeconds(490)).until(() -> !bench.isAlive());
        assertThat(bench.exitCode()).as("1 if anything failed").isZero();
        assertThat(bench.lines()).last().asString().contains("do not count");
        assertThat(bench.errors()).as("progress").allMatch(line -> line.startsWith("["));
        assertThat(bench.children()).isEmpty();
    }

    private static Program bench(Object... arguments) {
        return programs.start(Launch.of(Bench.class, arguments).inOwnGroup());
    }

    /** Longer than a program's end may take, as it measures first. */
    private static void awaitEnd(Program bench) {
        await().atMost(Duration.ofMinutes(4)).until(() -> !bench.isAlive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " {port}"})
    void against_isMeasuredAlongside(String argument) {
        var file = directory.resolve("results.json");
        String command = "other=" + java() + " " + OtherServer.class.getName() + argument;
        var bench = bench("echo", "--quick", "--contender", "netty", "--against", command, "--json", file);
        awaitEnd(bench);
        assertThat(bench.exitCode()).isZero();
        assertThat(JsonMapper.shared().readTree(file).path("results").valueStream())
                .extracting(result -> result.path("contender").stringValue())
                .contains("netty", "other");
        assertThat(bench.children()).isEmpty();
    }

    @Test
    void against_whatDoesNotListen_isAFailureThatSaysWhy() {
        var bench = bench("echo", "--quick", "--contender", "netty", "--against", "other=echo nothing to serve");
        assertThat(bench.exitCode()).isEqualTo(1);
        assertThat(String.join("\n", bench.errors()))
                .contains("other FAILED", "without 'listening on HOST:PORT'", "nothing to serve");
        assertThat(bench.lines()).as("the others go on").anyMatch(line -> line.startsWith("  netty "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    ecco                     | no scenario is called 'ecco'; the scenarios are echo, http, http-task, upload, websocket
                    echo --contender nobody  | no contender here is called 'nobody'; they are shunt, shunt-worker, shunt-children,
                    echo --against nothing   | 'nothing' is no NAME=COMMAND
                    fleet --nodes 0          | --nodes 0 is not 1 or more
                    fire --against x=y       | no scenario here takes a server from outside; echo, http
                    echo --only bytes        | --only 'bytes' is no KEY=VALUE
                    echo --only bytes=1      | nothing is left to measure
                    echo --rounds 0          | --rounds must be above 0
                    echo --json /            | --json / cannot be written
                    regress                  | Missing required option: '--base=DIRECTORY'
                    regress --base /nowhere  | --base /nowhere has no built benchmarks
                    regress --base . --noise 2 | --noise 2.0 is not from 0 to below 1
                    serve ecco               | no scenario is called 'ecco'
                    serve fire --only slots=9 | no case of fire has all that --only asks for
                    serve echo --port 70000  | --port 70000 is not 0 to 65535
                    """)
    void wrongUse_isSaid(String arguments, String message) {
        var bench = bench((Object[]) arguments.split(" ", -1));
        assertThat(bench.exitCode()).isEqualTo(2);
        assertThat(bench.errors()).singleElement().asString().contains(message);
    }

    /** A checkout is where the jars of its benchmarks lie. */
    @Test
    void regress_measuresACheckoutBesideAnother() throws IOException {
        var lib = Files.createDirectories(directory.resolve("benchmarks/target/lib"));
        var parts = System.getProperty("java.class.path").split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            Files.createSymbolicLink(lib.resolve(Integer.toString(i)), Path.of(parts[i]));
        }
        var bench = bench("regress", "--base", directory, "echo", "--quick", "--noise", "0.999");
        awaitEnd(bench);
        assertThat(bench.exitCode()).isZero();
        assertThat(bench.lines())
                .anyMatch(line -> line.matches(" +[\\d.]+  echo bytes=64 connections=8, shunt: replies_per_second"))
                .anyMatch(line -> line.matches(".*of [23] medians are worse by more than 0.999\\."));
        assertThat(bench.children()).isEmpty();
    }

    @Test
    void serve_startsOneServer_andEndsWithIt() throws IOException {
        var serve = bench("serve", "seed", "--contender", "netty");
        new Socket(InetAddress.getLoopbackAddress(), serve.port()).close();
        serve.interruptGroup();
        assertThat(serve.exitCode()).isNotZero();
        assertThat(serve.children()).isEmpty();
    }

    @Test
    void serve_servesWhatIsMeasured() throws IOException {
        var serve = bench("serve", "fire", "--contender", "shunt", "--only", "slots=2");
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), serve.port())) {
            socket.getOutputStream().write("fire 8 64 100\n".getBytes(StandardCharsets.US_ASCII));
            await().atMost(Program.PATIENCE)
                    .until(() -> serve.lines().stream().anyMatch(line -> line.startsWith("measured tasks=")));
        }
        serve.interruptGroup();
        assertThat(serve.exitCode()).isNotZero();
        assertThat(serve.children()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stopped_leavesNothing(boolean ctrlC) {
        var bench = bench("echo", "--warm-up", "30");
        await().atMost(Program.PATIENCE).until(() -> bench.children().size() >= 5);
        if (ctrlC) {
            bench.interruptGroup();
        } else {
            bench.terminate();
        }
        assertThat(bench.exitCode()).isNotZero();
        assertThat(bench.children()).isEmpty();
    }

    /** As the shell wants it. */
    private static String java() {
        return "'" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -cp '"
                + System.getProperty("java.class.path") + "'";
    }
}
