package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.control.ConnectionPage;
import dev.shunt.control.DeadPage;
import dev.shunt.control.Done;
import dev.shunt.control.Inspection;
import dev.shunt.control.TaskInfo;
import dev.shunt.control.TaskPage;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Steered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A program that is seen and steered by its control socket alone, as docs/control-api.md says. */
@Tag("processes")
class ControlTest {

    private static final String ORDER = Steered.Order.class.getName();
    private static final String FAILING = Steered.Failing.class.getName();

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private Program program;
    private LineClient client;
    private ControlSocket control;

    @BeforeEach
    void start() {
        program = programs.start(Steered.class, "--run-dir", directory.resolve("run"));
        client = new LineClient(program.port());
        control = new ControlSocket(directory.resolve("run/control"));
    }

    @AfterEach
    void stop() {
        client.close();
    }

    private Inspection status() {
        return control.get("/api/v1/status").as(Inspection.class);
    }

    private Inspection.Group group() {
        return status().groups().getFirst();
    }

    private DeadPage dead(String query) {
        return control.get("/api/v1/dead" + query).as(DeadPage.class);
    }

    private void conforms(String document, String path) {
        var all = (Map<?, ?>) Objects.requireNonNull(ControlSchema.all().get("$defs"));
        var schema = (Map<?, ?>) Objects.requireNonNull(all.get(document));
        assertThat(ControlSchema.problems(schema, control.get("/api/v1" + path).fields(), document))
                .isEmpty();
    }

    private Done act(String path, String body) {
        return act(path, body, Done.Counted.class);
    }

    private <T extends Done> T act(String path, String body, Class<T> type) {
        var answer = control.post("/api/v1" + path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(type);
    }

    private long order(String how) {
        return Long.parseLong(client.ask("order " + how));
    }

    @Test
    void everySlotSpins_statusSaysWhatRuns_andCancelEndsIt() {
        long first = order("spin");
        long second = order("spin");
        long waits = order("later");
        await().atMost(Program.PATIENCE).until(() -> status().runningTotal() == 2);

        var seen = status();

        assertThat(seen.program()).isEqualTo("steered");
        assertThat(seen.pid()).isEqualTo(program.pid());
        assertThat(seen.state()).isEqualTo("running");
        assertThat(seen.running()).extracting(Inspection.Running::id).containsExactlyInAnyOrder(first, second);
        assertThat(seen.running()).allSatisfy(run -> {
            assertThat(run.type()).isEqualTo(ORDER);
            assertThat(run.attempt()).isEqualTo(1);
            assertThat(seen.children()).extracting(Inspection.Child::pid).contains(run.pid());
        });
        assertThat(seen.groups().getFirst())
                .returns(2, Inspection.Group::slots)
                .returns(2, Inspection.Group::busy)
                .returns(1L, Inspection.Group::queued);
        assertThat(seen.children())
                .hasSize(2)
                .allSatisfy(child -> assertThat(child.rssBytes()).isGreaterThan(1L << 20));
        assertThat(control.get("/api/v1/tasks?state=queued").as(TaskPage.class).tasks())
                .singleElement()
                .satisfies(task -> {
                    assertThat(task.id()).isEqualTo(waits);
                    assertThat(task.payload()).isEqualTo(Map.of("how", "later"));
                    assertThat(task.headers()).isNull();
                });
        assertThat(control.get("/api/v1/tasks/" + waits).as(TaskInfo.class).headers())
                .isEqualTo(Map.of("tenant", "acme"));

        for (var list : List.of("status", "tasks", "schedules", "children", "connections", "groups", "nodes", "jobs")) {
            conforms(list, "/" + list);
        }
        conforms("task", "/tasks/" + first);
        conforms("health", "/health/ready");
        assertThat(act("/tasks/" + waits + "/cancel", "", Done.Cancelled.class))
                .as("it had not started")
                .isEqualTo(new Done.Cancelled(1, 1, "cancelled", null, null, null));
        var _ = order("later");
        var interrupted = act("/tasks/" + first + "/cancel", "", Done.Cancelled.class);
        assertThat(interrupted.state()).isEqualTo("interrupted");
        assertThat(interrupted.graceSeconds()).isEqualTo(1);
        assertThat(seen.running())
                .filteredOn(run -> run.id() == first)
                .singleElement()
                .satisfies(run -> assertThat(interrupted.pid()).isEqualTo(run.pid()));
        assertThat(act("/tasks/" + second + "/cancel", "").done()).isEqualTo(1);

        program.awaitLines("not done Cancelled", 3);
        program.awaitLine("finished later");
        assertThat(control.post("/api/v1/tasks/" + first + "/cancel", "").status())
                .isEqualTo(404);
        assertThat(status().totals().cancelled()).isEqualTo(3);
        program.awaitLine("audit.*local cancel task " + first + " -> interrupted in process " + interrupted.pid());
    }

    @Test
    void deadLetters_areFound_grouped_masked_andDealtWithByFilter() {
        client.ask("fail tea");
        client.ask("fail coffee");
        client.ask("fail tea");
        await().atMost(Program.PATIENCE).until(() -> dead("").of() == 3);

        assertThat(status().totals().dead()).isEqualTo(3);
        conforms("dead", "/dead");
        assertThat(dead("?error=coffee").dead()).singleElement().satisfies(letter -> {
            assertThat(letter.type()).isEqualTo(FAILING);
            assertThat(letter.error()).contains("IllegalStateException: no coffee");
            assertThat(letter.attempts()).isEqualTo(2);
            assertThat(letter.payload()).isEqualTo(Map.of("what", "coffee", "secret", "***"));
        });
        assertThat(dead("?text=tea").total()).isEqualTo(2);
        assertThat(dead("?text=hunter2").total())
                .as("what is masked is not found")
                .isZero();
        assertThat(dead("?since=1h").total()).isEqualTo(3);
        assertThat(dead("?type=other").total()).isZero();
        assertThat(dead("?size=2&page=2").dead()).hasSize(1);
        assertThat(dead("").groups()).singleElement().satisfies(cause -> {
            assertThat(cause.count()).isEqualTo(3);
            assertThat(cause.error()).isEqualTo("java.lang.IllegalStateException");
            assertThat(cause.at()).contains("Steered");
        });

        assertThat(act("/dead/rerun", "{\"text\":\"tea\",\"dry_run\":true}"))
                .returns(2L, Done::matched)
                .returns(0L, Done::done);
        assertThat(act("/dead/rerun", "{\"text\":\"tea\"}"))
                .returns(2L, Done::matched)
                .returns(2L, Done::done);
        await().atMost(Program.PATIENCE).until(() -> dead("").of() == 3);
        long coffee = dead("?error=coffee").dead().getFirst().id();
        assertThat(control.get("/api/v1/tasks/" + coffee).fields().get("headers"))
                .isEqualTo(Map.of("tenant", "acme"));
        assertThat(act("/dead/discard", "{\"ids\":[" + coffee + ",\"" + coffee + "\",99]}"))
                .returns(1L, Done::matched)
                .returns(1L, Done::done);
        assertThat(act("/dead/discard", "{\"ids\":[" + coffee + "]}").matched()).isZero();
        assertThat(act("/dead/discard", "{\"all\":true}").done()).isEqualTo(2);
        assertThat(dead("").of()).isZero();
        conforms("jobs", "/jobs");
        program.awaitLine("audit.*local rerun dead letters.*tea.*2 of 2");
    }

    @Test
    void letterWithAnotherPayload_isANewTask() {
        long letter = Long.parseLong(client.ask("fail tea"));
        await().atMost(Program.PATIENCE).until(() -> status().totals().dead() == 1);

        var wrong = control.post("/api/v1/tasks/" + letter + "/edit", "{\"payload\":[1]}");
        assertThat(wrong.status()).as(wrong.text()).isEqualTo(400);
        var done = act(
                "/tasks/" + letter + "/edit", "{\"payload\":{\"what\":\"water\",\"secret\":\"x\"}}", Done.Edited.class);

        assertThat(done.id()).isNotEqualTo(letter);
        await().atMost(Program.PATIENCE).until(() -> dead("?error=water").total() == 1);
        assertThat(dead("").of()).isEqualTo(1);
    }

    @Test
    void whatMakesNoSense_isRefused_withWhy() {
        var asked = List.of(
                "GET /api/v1/reload  405",
                "GET /api/v1/dead/rerun  405",
                "POST /api/v1/status {} 405",
                "POST /api/v1/dead/rerun {} 400",
                "POST /api/v1/dead/rerun {\"al\":true} 400",
                "POST /api/v1/dead/rerun nonsense 400",
                "POST /api/v1/dead/discard {\"all\":true,\"type\":\"x\"} 400",
                "GET /api/v1/dead?eror=x  400",
                "GET /api/v1/dead?type=a&type=b  400",
                "GET /api/v1/dead?" + "a=1&".repeat(1_001) + "  400",
                "GET /api/v1/dead?eror=  400",
                "GET /api/v1/dead?page=0  400",
                "GET /api/v1/dead?page=-1  400",
                "GET /api/v1/events?intervall=5  400",
                "POST /api/v1/dead/rerun {\"all\":\"true\"} 400",
                "POST /api/v1/dead/rerun {\"ids\":[99999999999999999999]} 400",
                "POST /api/v1/dead/rerun {\"all\":true,\"all\":false} 400",
                "POST /api/v1/dead/discard {\"type\":\"a\",\"type\":\"b\"} 400",
                "POST /api/v1/stop {\"timeout_seconds\":5} 400",
                "POST /api/v1/stop {\"graceful\":false,\"timeout_seconds\":5} 400",
                "POST /api/v1/stop {\"graceful\":true,\"timeout_seconds\":-1} 400",
                "POST /api/v1/groups/task/resize {\"children\":2,\"slots\":2} 400",
                "POST /api/v1/tasks/9007199254740993/cancel {} 404",
                "GET /api/v1/tasks?state=dead  400",
                "GET /api/v1/tasks?size=1001  400",
                "GET /api/v1/tasks/nought  400",
                "GET /api/v1/tasks/12345678  404",
                "POST /api/v1/groups/none/pause {} 404",
                "POST /api/v1/groups/event/pause {} 409",
                "POST /api/v1/schedules/none/run {} 404",
                "GET /elsewhere  404");
        for (var line : asked) {
            var words = line.split(" ", -1);
            var answer = control.ask(words[0], words[1], words[2]);
            assertThat(answer.status()).as(line + answer.text()).isEqualTo(Integer.parseInt(words[3]));
            assertThat(String.valueOf(answer.fields().get("error"))).isNotBlank();
        }
    }

    @Test
    void fieldThatIsThereTwice_orNeedsAnother_isNamed() {
        assertThat(control.post("/api/v1/dead/discard", "{\"ids\":[1],\"ids\":[2]}")
                        .text())
                .contains("each field once", "Duplicate", "ids");
        assertThat(control.post("/api/v1/stop", "{\"timeout_seconds\":5}").text())
                .contains("timeout_seconds", "graceful");
        assertThat(status().since()).as("nothing of it stopped the program").isEqualTo(started());
    }

    /** As {@code ps} has it. */
    private Instant started() {
        return Instant.parse(manifest().replaceAll(".*\"started\":\"([^\"]*)\".*", "$1"));
    }

    private String manifest() {
        try {
            return Files.readString(directory.resolve("run/manager.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void letterWhoseUniqueKeyIsTaken_isToldByItself_andStays() {
        long letter = Long.parseLong(client.ask("only tea"));
        await().atMost(Program.PATIENCE).until(() -> dead("").of() == 1);
        long other = Long.parseLong(client.ask("only block"));
        client.ask("fail coffee");
        await().atMost(Program.PATIENCE).until(() -> dead("").of() == 2);

        var done = act("/dead/rerun", "{\"all\":true}", Done.Letters.class);

        assertThat(done).returns(2L, Done::matched).returns(1L, Done::done);
        assertThat(done.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.id()).isEqualTo(letter);
            assertThat(problem.error()).contains("the unique key 'only'");
        });
        assertThat(control.post("/api/v1/tasks/" + letter + "/edit", "{\"payload\":{\"what\":\"water\"}}")
                        .status())
                .isEqualTo(409);
        assertThat(dead("?error=tea").total()).isEqualTo(1);
        act("/tasks/" + other + "/cancel", "");
        program.awaitLine("not done Cancelled");
        assertThat(act("/dead/rerun", "{\"ids\":[" + letter + "]}").done()).isEqualTo(1);
    }

    @Test
    void requestOfAnotherPage_orForAnotherName_isRefused_beforeAnythingElse() {
        String path = "/api/v1/reload";
        assertThat(control.post(path, "", "Origin: http://evil.example").status())
                .isEqualTo(403);
        assertThat(control.post(path, "", "Origin: null").status()).isEqualTo(403);
        assertThat(control.post(path, "", "Sec-Fetch-Site: cross-site").status())
                .isEqualTo(403);
        assertThat(control.post(path, "", "Sec-Fetch-Site: same-site").status()).isEqualTo(403);
        assertThat(control.get("/nothing", "Host: evil.example").status()).isEqualTo(421);
        assertThat(control.get("http://evil.example/api/v1/groups").status()).isEqualTo(421);
        assertThat(control.get("/api/v1/groups", "Origin: http://x").status()).isEqualTo(200);
        assertThat(control.get("/api/v1/groups", "Sec-Fetch-Site: same-origin").status())
                .isEqualTo(200);
        assertThat(control.get("/api/v1/groups").head())
                .contains("Cache-Control: no-store", "X-Content-Type-Options: nosniff", "application/json");
    }

    @Test
    void pausedGroupAndType_startNothing_alsoAfterAReload() {
        assertThat(act("/groups/task/pause", "", Done.OfGroup.class))
                .returns(1L, Done::done)
                .returns(true, Done.OfGroup::paused);
        assertThat(act("/groups/task/pause", "").done()).as("it was so before").isZero();
        order("one");
        var before = program.children();
        assertThat(act("/reload", "").done()).isEqualTo(2);
        await().atMost(Program.PATIENCE).until(() -> program.children().stream().noneMatch(before::contains));
        assertThat(group()).returns(true, Inspection.Group::paused).returns(1L, Inspection.Group::queued);

        act("/types/" + ORDER + "/pause", "");
        assertThat(act("/groups/task/resume", "", Done.OfGroup.class).paused()).isFalse();
        client.ask("fail tea");
        await().atMost(Program.PATIENCE).until(() -> status().totals().dead() == 1);
        assertThat(group().queued()).as("its type is paused").isEqualTo(1);
        assertThat(status().types())
                .filteredOn(Inspection.Type::paused)
                .singleElement()
                .satisfies(type -> {
                    assertThat(type.type()).isEqualTo(ORDER);
                    assertThat(type.queued()).isEqualTo(1);
                });
        assertThat(act("/types/" + ORDER + "/resume", "").done()).isEqualTo(1);
        program.awaitLine("finished one");
    }

    @Test
    void drainingGroup_endsWhatItHas_andRejectsTheRest() {
        act("/groups/task/pause", "");
        order("before");
        assertThat(act("/groups/task/drain", "", Done.OfGroup.class).draining()).isTrue();
        order("after");
        program.awaitLine("not done Rejected.*draining");
        assertThat(status().state()).isEqualTo("draining");
        assertThat(control.get("/health/ready").status()).isEqualTo(503);
        assertThat(control.get("/health/live").status()).isEqualTo(200);
        act("/groups/task/resume", "");
        program.awaitLine("finished before");
        assertThat(control.get("/health/ready").status()).isEqualTo(200);
    }

    @Test
    void scheduleRunNow_leavesItsNextTime() {
        var before = schedule();
        long id = act("/schedules/yearly/run", "", Done.Ran.class).id();
        program.awaitLine("finished scheduled");
        await().atMost(Program.PATIENCE).until(() -> "done".equals(schedule().get("last_outcome")));
        var after = schedule();
        assertThat(after.get("next")).isEqualTo(before.get("next")).isNotNull();
        assertThat((Number) Objects.requireNonNull(after.get("last_id")))
                .extracting(Number::longValue)
                .isEqualTo(id);
        assertThat(act("/schedules/yearly/pause", "", Done.OfSchedule.class).paused())
                .isTrue();
        assertThat(schedule().get("paused")).isEqualTo(true);
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> schedule() {
        var schedules = (List<Map<String, Object>>)
                control.get("/api/v1/schedules").fields().get("schedules");
        return Objects.requireNonNull(schedules).getFirst();
    }

    @Test
    void childSeesTheProgram_andDealsWithDeadLetters() {
        client.ask("fail tea");
        await().atMost(Program.PATIENCE).until(() -> status().totals().dead() == 1);
        order("look");
        program.awaitLine("finished saw steered with 1 running, dead tea, discarded true, none 0");
        assertThat(dead("").of()).isZero();
    }

    @Test
    void manyTasksQueued_areListedOnce_pageByPage() {
        int many = 20_000;
        act("/groups/task/pause", "");
        client.ask("many " + many);
        Set<Long> ids = new HashSet<>();
        for (int page = 1; page <= many / 1000; page++) {
            var part = control.get("/api/v1/tasks?size=1000&page=" + page).as(TaskPage.class);
            assertThat(part.total()).isEqualTo(many);
            part.tasks().forEach(task -> ids.add(task.id()));
        }
        assertThat(ids).hasSize(many);
        assertThat(control.get("/api/v1/tasks?text=number%2017%22")
                        .as(TaskPage.class)
                        .total())
                .isEqualTo(1);
        assertThat(group().queued()).isEqualTo(many);
        assertThat(group().oldestSeconds()).isPositive();
        assertThat(status().types().getFirst().queued()).isEqualTo(many);
    }

    @Test
    void connections_areListed_withTheGroupsThatTheyAreIn() {
        try (var other = new LineClient(program.port())) {
            client.ask("join <b>lobby</b>");
            other.ask("join <b>lobby</b>");
            other.ask("join vip");
            var seen = control.get("/api/v1/connections").as(ConnectionPage.class);
            assertThat(seen.groups())
                    .containsExactly(new ConnectionPage.Group("<b>lobby</b>", 2), new ConnectionPage.Group("vip", 1));
            conforms("connections", "/connections");
            var vip = control.get("/api/v1/connections?group=vip").as(ConnectionPage.class);
            assertThat(vip.total()).isOne();
            assertThat(vip.groups()).hasSize(2);
            assertThat(control.get("/api/v1/connections?group=none")
                            .as(ConnectionPage.class)
                            .groups())
                    .isEmpty();
        }
    }

    @Test
    void otherProgram_onTheSameDirectory_isRefused_withThePidOfTheFirst() {
        var other = programs.start(Steered.class, "--run-dir", directory.resolve("run"));
        assertThat(other.exitCode()).isNotZero();
        assertThat(other.errors()).anySatisfy(line -> assertThat(line).contains("is in use by pid " + program.pid()));
        assertThat(status().pid()).as("the first one is as it was").isEqualTo(program.pid());
        assertThat(manifest()).contains("\"pid\":" + program.pid());
    }

    @Test
    void gracefulStop_endsWhatIsQueued_andSaysWhatItWaitsFor() {
        act("/groups/task/pause", "");
        IntStream.range(0, 3).forEach(i -> order("word " + i));
        var stopping = control.post("/api/v1/stop", "{\"graceful\":true}").fields();
        assertThat(stopping.get("state")).isEqualTo("draining");
        assertThat(String.valueOf(stopping.get("waits_for"))).contains("3 queued in group task", "1 connection");
        act("/groups/task/resume", "");
        program.awaitLines("finished word", 3);
        client.close();
        assertThat(program.exitCode()).isZero();
        assertThat(Files.exists(directory.resolve("run/control"))).isFalse();
    }
}
