package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.remote.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked, shown and returned; the program is a stand-in. */
class CtlTest {

    private static final String DEAD = """
            {"dead": [{"id": 9007199254740993, "type": "mail", "error": "java.io.IOException: no route", "attempts": 3,
                       "died": "2026-11-28T15:58:00.000Z", "payload": {"to": "\\u001b[2Jbob"}}],
             "page": 1, "size": 100, "total": 1, "of": 3,
             "groups": [{"type": "mail", "error": "java.io.IOException", "at": "Mailer.send(Mailer.java:40)", "cause": "1f0c9a4be207", "count": 1,
                         "first": "2026-11-28T15:58:00.000Z", "last": "2026-11-28T15:58:00.000Z"}]}
            """;

    @TempDir
    Path place;

    private StandIn program;
    private String out = "";
    private String err = "";

    @BeforeEach
    void start() {
        program = new StandIn(place.resolve("shunt-ann-4711-abc"), "mailer", 4711);
    }

    @AfterEach
    void close() {
        program.close();
    }

    private int ctl(String... words) {
        var stdout = System.out;
        var stderr = System.err;
        var printed = new ByteArrayOutputStream();
        var said = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, UTF_8));
            System.setErr(new PrintStream(said, true, UTF_8));
            var line = new String[words.length + 2];
            System.arraycopy(words, 0, line, 0, words.length);
            line[words.length] = "--run-dir";
            line[words.length + 1] = place.toString();
            return Ctl.execute(line);
        } finally {
            System.setOut(stdout);
            System.setErr(stderr);
            out = printed.toString(UTF_8);
            err = said.toString(UTF_8);
        }
    }

    @Test
    void json_isTheDocumentItself_andTextIsForPeople() {
        program.answers("GET /api/v1/dead?page=1&size=100", DEAD);
        assertThat(ctl("dead", "--json")).isZero();
        assertThat(out).isEqualTo(DEAD);
        assertThat(ctl("dead")).isZero();
        assertThat(out)
                .contains("9007199254740993", "java.io.IOException: no route", "Mailer.send(Mailer.java:40)")
                .contains("1 dead letters, of 3 in all")
                .doesNotContain("\033");
    }

    @Test
    void lettersByTheirIds_haveTheFieldsOfTheList() {
        program.answers("GET /api/v1/dead?ids=5%2C9007199254740993&size=1000", DEAD);
        assertThat(ctl("dead", "5", "9007199254740993", "--json")).isZero();
        assertThat(out).contains("\"error\":\"java.io.IOException: no route\"", "\"total\":1,");
        assertThat(ctl("dead", "5", "9007199254740993")).isZero();
        assertThat(out).contains("1f0c9a4be207", "java.io.IOException: no route");
    }

    @Test
    void lettersByMoreIdsThanAnAddressTakes_haveEachCauseOnce() {
        var ids = LongStream.rangeClosed(1, 201).mapToObj(Long::toString).toList();
        program.answers(
                "GET /api/v1/dead?ids=" + String.join("%2C", ids.subList(0, 200)) + "&size=1000",
                groups(group("rare", 2, "10:00:00", "10:00:01"), group("often", 1, "10:00:00", "10:00:03")));
        program.answers("GET /api/v1/dead?ids=201&size=1000", groups(group("often", 2, "09:59:59", "10:00:02")));
        assertThat(ctl(Stream.of(List.of("dead", "--json"), ids)
                        .flatMap(List::stream)
                        .toArray(String[]::new)))
                .isZero();
        assertThat(new Json(out.getBytes(UTF_8)).list("groups"))
                .extracting(group -> String.join(
                        " ", group.text("cause"), group.text("count"), group.text("first"), group.text("last")))
                .containsExactly(
                        "often 3 2026-11-28T09:59:59.000Z 2026-11-28T10:00:03.000Z",
                        "rare 2 2026-11-28T10:00:00.000Z 2026-11-28T10:00:01.000Z");
    }

    private static String groups(String... groups) {
        return "{\"dead\": [], \"groups\": [" + String.join(", ", groups) + "]}";
    }

    private static String group(String cause, int count, String first, String last) {
        return "{\"type\": \"mail\", \"cause\": \"" + cause + "\", \"count\": " + count + ", \"first\": \"2026-11-28T"
                + first + ".000Z\", \"last\": \"2026-11-28T" + last + ".000Z\"}";
    }

    @Test
    void choice_isAskedForAsItIsGiven() {
        program.answers("POST /api/v1/dead/rerun", "{\"matched\": 3, \"done\": 2}");
        assertThat(ctl("rerun", "5", "9007199254740993", "--json")).isZero();
        assertThat(new Json(out.getBytes(UTF_8)).number("done")).isEqualTo(2);
        assertThat(ctl("rerun", "--type", "mail", "--error", "no route", "--text", "x", "--since", "1h", "--dry-run"))
                .isZero();
        assertThat(out).isEqualTo("3 dead letters match; nothing was done\n");
        assertThat(ctl("rerun", "--all")).isZero();
        assertThat(out).isEqualTo("3 dead letters match, 2 run again\n");
        assertThat(program.asked())
                .containsExactly(
                        "POST /api/v1/dead/rerun {\"ids\":[5,9007199254740993]}",
                        "POST /api/v1/dead/rerun"
                                + " {\"type\":\"mail\",\"error\":\"no route\",\"text\":\"x\",\"since\":\"1h\",\"dry_run\":true}",
                        "POST /api/v1/dead/rerun {\"all\":true}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rerun",
                "discard",
                "discard --dry-run",
                "rerun 5 --all",
                "rerun --all --type mail",
                "rerun x",
                "cancel",
                "pause",
                "resume",
                "task",
                "task x",
                "run-now",
                "nothing",
                "status --nothing",
                "health perhaps",
                "stop --timeout 0"
            })
    void wrongUse_is2_andAsksNothing(String line) {
        assertThat(ctl(line.split(" "))).isEqualTo(2);
        assertThat(err).startsWith("ctl: ");
        assertThat(program.asked()).isEmpty();
    }

    @Test
    void valueThatOnlyTheProgramCanJudge_isWrongUseAsWell() {
        program.answers("GET /api/v1/tasks?state=x", "{\"error\": \"state 'x'\"}");
        assertThat(ctl("tasks", "--state", "x")).isEqualTo(2);
        assertThat(err).isEqualTo("ctl: state 'x'\n");
    }

    @Test
    void programsAnswer_isTheExitCode() {
        program.answers(
                        "GET /api/v1/health/ready",
                        "{\"ok\": false, \"state\": \"running\", \"problems\": [\"queue full\"]}")
                .answers("GET /api/v1/health/live", "{\"ok\": true, \"state\": \"running\"}");
        assertThat(ctl("health")).isEqualTo(1);
        assertThat(out).isEqualTo("ready: no, running\nqueue full\n");
        assertThat(ctl("health", "live", "--json")).isZero();
        assertThat(ctl("cancel", "7")).isEqualTo(1);
        assertThat(err).isEqualTo("ctl: there is no POST /api/v1/tasks/7/cancel\n");
        assertThat(ctl("task", "7")).isEqualTo(1);
        assertThat(ctl("run-now", "no such thing")).isEqualTo(1);
        assertThat(err).contains("/schedules/no%20such%20thing/run");
    }

    @Test
    void severalPrograms_are2_withAList_andNameChooses() {
        try (var _ = new StandIn(place.resolve("shunt-ann-4712-abd"), "fetcher", 4712)
                .answers("GET /api/v1/children", "{\"children\": []}")) {
            assertThat(ctl("children", "--json")).isEqualTo(2);
            assertThat(err).contains("pid 4711  mailer", "pid 4712  fetcher");
            assertThat(out).isEmpty();
            assertThat(ctl("children", "--name", "fetcher")).isZero();
            assertThat(out).isEqualTo("no children\n");
            assertThat(ctl("children", "--name", "other")).isEqualTo(3);
            assertThat(ctl("ps", "--json")).isZero();
            assertThat(new Json(out.getBytes(UTF_8)).list("programs"))
                    .extracting(one -> one.text("program"))
                    .containsExactly("mailer", "fetcher");
        }
    }

    @Test
    void jobs_areSeen_andStopped() {
        program.answers(
                        "GET /api/v1/jobs",
                        "{\"jobs\":[{\"job\":3,\"action\":\"rerun\",\"actor\":\"ann\",\"matched\":1234,\"done\":500,"
                                + "\"state\":\"running\"}]}")
                .answers("POST /api/v1/jobs/3/stop", "{\"matched\":1,\"done\":1}");
        assertThat(ctl("jobs")).isZero();
        assertThat(out).contains("rerun", "ann", "running", "500", "1234");
        assertThat(ctl("jobs", "--stop", "3")).isZero();
        assertThat(out).isEqualTo("job 3 stops\n");
    }

    @Test
    void programMayBeNamed_beforeTheCommand() {
        assertThat(Ctl.commandFirst("--run-dir", "d", "--json", "--name=x", "rerun", "--all"))
                .containsExactly("rerun", "--run-dir", "d", "--json", "--name=x", "--all");
        assertThat(Ctl.commandFirst("--help")).containsExactly("--help");
        assertThat(Ctl.commandFirst("--run-dir")).containsExactly("--run-dir");
    }

    @Test
    void noProgram_is3() {
        program.close();
        assertThat(ctl("status")).isEqualTo(3);
        assertThat(err).startsWith("ctl: not running: no program runs in " + place);
        assertThat(ctl("ps")).isEqualTo(3);
        assertThat(ctl("stop")).isEqualTo(3);
    }

    @Test
    void pauseAndDrain_areOfGroupsTypesAndSchedules() {
        String done = "{\"matched\": 1, \"done\": 1}";
        program.answers("GET /api/v1/groups", """
                        {"groups": [{"name": "my mail", "kind": "tasks"}, {"name": "events", "kind": "connections"}]}""")
                .answers("POST /api/v1/groups/my%20mail/drain", done)
                .answers("POST /api/v1/groups/my%20mail/pause", done)
                .answers("POST /api/v1/types/mail/pause", done)
                .answers("POST /api/v1/schedules/nightly/resume", "{\"matched\": 1, \"done\": 0}");
        assertThat(ctl("drain")).isZero();
        assertThat(out).isEqualTo("group my mail: draining\n");
        assertThat(ctl("pause", "my mail", "--type", "mail", "--json")).isZero();
        assertThat(new Json(out.getBytes(UTF_8)).number("done")).isEqualTo(2);
        assertThat(ctl("resume", "--schedule", "nightly")).isZero();
        assertThat(out).contains("already");
    }
}
