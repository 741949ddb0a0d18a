package dev.shunt.tests.fleet;

import static dev.shunt.tests.fleet.FleetNode.SYNC;
import static dev.shunt.tests.fleet.FleetNode.done;
import static dev.shunt.tests.fleet.FleetNode.get;
import static dev.shunt.tests.fleet.FleetNode.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.control.DeadFilter;
import dev.shunt.control.DeadPage;
import dev.shunt.control.Done;
import dev.shunt.control.Paging;
import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.postgres.LocalPostgres;
import dev.shunt.postgres.PostgresTaskQueue;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Outcome;
import dev.shunt.task.Result;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique.Policy;
import dev.shunt.testing.Program;
import dev.shunt.tests.fleet.FleetNode.Limited;
import dev.shunt.tests.fleet.FleetNode.Mail;
import dev.shunt.tests.fleet.FleetNode.Run;
import dev.shunt.tests.fleet.FleetNode.Work;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program may ask of its tasks holds over nodes: two servers share one PostgreSQL, and some tests have a third. */
@Tag("processes")
class FleetTest {

    private static final List<Run> RUNS = new CopyOnWriteArrayList<>();
    private static final OneAtATime KEYS = new OneAtATime();

    private static LocalPostgres postgres;
    private static FleetNode a;
    private static FleetNode b;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        Awaitility.setDefaultTimeout(Program.PATIENCE);
        postgres = LocalPostgres.start();
        a = node("a", FleetTest::ticking);
        b = node("b", FleetTest::ticking);
    }

    @AfterAll
    static void end() throws Exception {
        a.close();
        b.close();
        var minutes = runs("cron").stream().mapToLong(Run::nanos).sorted().toArray();
        for (int i = 1; i < minutes.length; i++) {
            assertThat(minutes[i] - minutes[i - 1]).isGreaterThan(TimeUnit.SECONDS.toNanos(20));
        }
        try (var connection = DriverManager.getConnection(postgres.url());
                var rows = connection
                        .createStatement()
                        .executeQuery("select (select count(*) from shunt.task), (select count(*) from shunt.lane),"
                                + " (select count(*) from shunt.node)")) {
            rows.next();
            assertThat(List.of(rows.getInt(1), rows.getInt(2), rows.getInt(3)))
                    .as("tasks, lanes and nodes that are left")
                    .containsOnly(0);
        } finally {
            postgres.close();
        }
    }

    private static PostgresTaskQueue queue(String name) {
        return PostgresTaskQueue.at(postgres.url()).name(name).ttl(Duration.ofSeconds(10));
    }

    private static FleetNode node(String name, Consumer<Server> more) throws Exception {
        return new FleetNode(name, queue(name), RUNS, KEYS, more);
    }

    private static void ticking(Server server) {
        server.schedule("tick", Duration.ofSeconds(1), () -> new Work("tick"));
        server.schedule("cron", "* * * * *", () -> new Work("cron"));
    }

    /** What is occupied is free again. */
    @BeforeEach
    void free() {
        Stream.of(a, b).forEach(node -> {
            node.gate.release(100);
            await().until(() -> node.server().stats().tasks().running() == 0);
            node.gate.drainPermits();
        });
    }

    private static List<Run> runs(String text) {
        return RUNS.stream().filter(run -> run.text().equals(text)).toList();
    }

    /**
     * Those of all nodes from the first on, and each once: more than there are seconds would be runs of several nodes. After a
     * pause of the machine some are made up for.
     */
    @Test
    void intervals_runOnceEach_whateverTheNodes() {
        int before = runs("tick").size();
        await().until(() -> runs("tick").size() >= before + 5);
        var times = runs("tick").stream().mapToLong(Run::nanos).sorted().toArray();
        double seconds = (times[times.length - 1] - times[0]) / 1e9;
        assertThat(times.length - 1).as("in " + seconds + " s").isLessThanOrEqualTo((int) seconds + 2);
        assertThat(runs("tick").stream().map(Run::id)).doesNotHaveDuplicates();
    }

    @Test
    void takenFromAnOldLog_tasksRunOnce_lettersAreThere_andASecondStartTakesNothing() throws Exception {
        var file = directory.resolve("old.db");
        try (var log = SqliteTaskLog.at(file).open()) {
            for (int i = 0; i < 5; i++) {
                append(log, new TaskLog.Entry.Accepted(old(i, "old " + i)));
            }
            append(
                    log,
                    new TaskLog.Entry.Died(new DeadTask(old(5, "dead"), Outcome.FAILED.name(), "it was broken", 1)));
        }
        for (int start = 0; start < 2; start++) {
            try (var moving =
                    new FleetNode("moving", queue("moving").takeFrom(SqliteTaskLog.at(file)), RUNS, KEYS, _ -> {})) {
                await().until(() ->
                        IntStream.range(0, 5).allMatch(i -> runs("old " + i).size() == 1));
                assertThat(moving.dead()).anyMatch(letter -> letter.reason().equals("it was broken"));
            }
        }
        try (var log = SqliteTaskLog.at(file).open()) {
            assertThat(log.deadTasks(-1, 10)).isEmpty();
        }
        assertThat(IntStream.range(0, 5).map(i -> runs("old " + i).size())).containsOnly(1);
        long letter = a.dead().stream()
                .filter(dead -> dead.reason().equals("it was broken"))
                .findFirst()
                .orElseThrow()
                .id();
        assertThat(get(b.server().rerunDeadTask(letter))).isTrue();
        await().until(() -> runs("dead").size() == 1);
    }

    private static StoredTask old(long id, String text) {
        var data = Data.of(new Work(text)).with(Codec.json()).encoded();
        return new StoredTask(id, Work.class.getName(), data, SYNC, 0, 1, 0, 0);
    }

    private static void append(TaskLog log, TaskLog.Entry entry) {
        var done = new CompletableFuture<String>();
        log.append(entry, Durability.SYNC, problem -> done.complete(String.valueOf(problem)));
        assertThat(done.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo("null");
    }

    @Test
    void submittedInATransaction_runsIfAndOnlyIfItCommits() throws Exception {
        var queue = queue("submitting");
        try (var connection = DriverManager.getConnection(postgres.url())) {
            connection.setAutoCommit(false);
            queue.submitIn(connection, new Work("rolled back"), SYNC);
            connection.rollback();
            queue.submitIn(connection, new Work("committed"), SYNC);
            try (var rows = connection.createStatement().executeQuery("show search_path")) {
                rows.next();
                assertThat(rows.getString(1)).doesNotContain("shunt");
            }
            assertThat(runs("committed")).isEmpty();
            connection.commit();
        }
        await().until(() -> runs("committed").size() == 1);
        assertThat(runs("rolled back")).isEmpty();
    }

    @Test
    void resultOfANodeThatIsGone_comesToALiveNodeOfItsName() throws Exception {
        TaskHandle asked;
        try (var gone = node("changing", _ -> {})) {
            asked = gone.submit("echo", SYNC.delay(Duration.ofSeconds(3)).context("where to"));
            get(asked.stored());
        }
        try (var next = node("changing", _ -> {})) {
            await().until(() -> next.heard.stream()
                    .anyMatch(result -> result instanceof Result.Done done
                            && done.taskId() == asked.id()
                            && done.context().text().equals("where to")));
        }
        assertThat(runs("echo").stream().filter(run -> run.id() == asked.id())).hasSize(1);
        assertThat(Stream.of(a, b).flatMap(node -> node.heard.stream()).map(Result::taskId))
                .doesNotContain(asked.id());
    }

    @Test
    void groupsOfTaskSlots_haveTheirOwnTypes() throws Exception {
        try (var grouped = node(
                "grouped",
                server -> server.taskGroup(
                        "mail",
                        mail -> mail.slots(1).answer(Mail.class, (letter, task) -> "mailed " + letter.text())))) {
            var handles = IntStream.range(0, 20)
                    .mapToObj(i -> grouped.submit(new Mail("letter " + i), SYNC))
                    .toList();
            var other = grouped.submit("other", SYNC);
            for (int i = 0; i < handles.size(); i++) {
                assertThat(done(handles.get(i)).text()).isEqualTo("mailed letter " + i);
            }
            done(other);
        }
    }

    @Test
    void typeThatOnlyNewNodesKnow_runsThere() throws Exception {
        try (var upgraded = node("upgraded", server -> server.answer(Mail.class, (mail, task) -> "new"))) {
            upgraded.occupy();
            var handle = upgraded.submit(new Mail("new"), SYNC);
            get(handle.stored());
            await().pollDelay(Duration.ofMillis(300))
                    .until(() -> !handle.result().toCompletableFuture().isDone());
            upgraded.gate.release(4);
            assertThat(done(handle).text()).isEqualTo("new");
        }
    }

    @Test
    void rate_isThatOfTheFleet() {
        long began = System.nanoTime();
        var handles = IntStream.range(0, 21)
                .mapToObj(i -> (i % 2 == 0 ? a : b).submit(new Limited(i), SYNC))
                .toList();
        handles.forEach(FleetNode::done);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1_900));
    }

    @Test
    void orderingKeys_neverOverlap_andKeepTheirOrder_alsoOverFailures() {
        var handles = new ArrayList<TaskHandle>();
        for (int i = 0; i < 140; i++) {
            var key = "key " + i % 7;
            handles.add(
                    a.submit("hold k" + i % 7, SYNC.orderingKey(key).retries(3).backoff(Duration.ofMillis(5))));
        }
        handles.forEach(FleetNode::done);
        assertThat(KEYS.overlaps()).isZero();
        for (int key = 0; key < 7; key++) {
            assertThat(runs("hold k" + key).stream().map(Run::id).distinct())
                    .isSorted()
                    .hasSize(20);
        }
    }

    @Test
    void uniqueKeys_areThoseOfTheFleet() {
        Stream.of(a, b).forEach(FleetNode::occupy);
        var first = a.submit("echo", SYNC.uniqueKey("drop"));
        get(first.stored());
        assertThat(result(b.submit("echo", SYNC.uniqueKey("drop")))).isInstanceOf(Result.Rejected.class);
        var joined = a.submit("first of two", SYNC.uniqueKey("join", Policy.JOIN));
        get(joined.stored());
        var joins = b.submit("second of two", SYNC.uniqueKey("join", Policy.JOIN));
        get(joins.stored());
        var replaced = a.submit("before", SYNC.uniqueKey("replace", Policy.REPLACE));
        get(replaced.stored());
        var replaces = b.submit("after", SYNC.uniqueKey("replace", Policy.REPLACE));
        assertThat(result(replaced)).isInstanceOf(Result.Cancelled.class);
        Stream.of(a, b).forEach(node -> node.gate.release(4));
        done(first);
        assertThat(done(joins).text()).isEqualTo(done(joined).text());
        done(replaces);
        assertThat(runs("second of two")).isEmpty();
        assertThat(runs("before")).isEmpty();
    }

    @Test
    void delayed_isNotEarly() {
        long began = System.nanoTime();
        done(a.submit("echo", SYNC.delay(Duration.ofMillis(700))));
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(700), Duration.ofSeconds(20));
    }

    /** More than the slots of both nodes, all asked for at one: some run on each, and some wait. */
    private static List<TaskHandle> onBoth(String text) {
        var handles = IntStream.range(0, 16).mapToObj(_ -> a.submit(text, SYNC)).toList();
        handles.forEach(handle -> get(handle.stored()));
        await().until(() -> Stream.of(a, b)
                .allMatch(node -> node.server().stats().tasks().running() == 4
                        && runs(text).stream().anyMatch(run -> node == nodeOf(run))));
        return handles;
    }

    private static long count(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.url());
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static FleetNode nodeOf(Run run) {
        return run.node().equals("a") ? a : b;
    }

    @Test
    void cancelledFromAnotherNode_whetherItWaitsOrRuns() {
        var handles = onBoth("gate cancelled");
        var ran = runs("gate cancelled").stream().collect(Collectors.toMap(Run::id, FleetTest::nodeOf));
        var waiting =
                handles.stream().filter(handle -> !ran.containsKey(handle.id())).toList();
        var running =
                handles.stream().filter(handle -> ran.containsKey(handle.id())).toList();
        assertThat(waiting).hasSizeGreaterThanOrEqualTo(8);
        waiting.forEach(handle -> cancel(handle, b));
        assertThat(runs("gate cancelled")).hasSameSizeAs(running);
        running.forEach(handle -> cancel(handle, ran.get(handle.id()) == a ? b : a));
    }

    private static void cancel(TaskHandle handle, FleetNode from) {
        assertThat(get(from.server().cancelTask(handle.id()))).isTrue();
        assertThat(result(handle)).isInstanceOf(Result.Cancelled.class);
        assertThat(get(from.server().cancelTask(handle.id()))).isFalse();
    }

    /** The node that has claimed it is busy with what it does not share, and another one has slots free by now. */
    @Test
    void whatWaitsBehindOtherTasks_runsWhereSlotsAreFree() {
        b.occupy();
        var handles = IntStream.range(0, 12)
                .mapToObj(_ -> a.submit("gate waits", SYNC))
                .toList();
        await().until(() -> count("select count(*) from shunt.task join shunt.node n on node = n.id"
                        + " where n.name = 'b' and state = 'l'")
                > 0);
        a.gate.release(12);
        assertThat(handles).allMatch(handle -> done(handle).text().equals("a"));
    }

    @Test
    void progressOnAnotherNode_comesToWhoeverAsked() {
        var handles = onBoth("progress half");
        var said = new CopyOnWriteArrayList<String>();
        handles.forEach(handle -> handle.progress(progress -> said.add(progress.text())));
        b.gate.release(); // one says it and goes on waiting
        await().until(() -> said.contains("half"));
        Stream.of(a, b).forEach(node -> node.gate.release(100));
        assertThat(handles)
                .allMatch(handle -> Set.of("a", "b").contains(done(handle).text()));
    }

    @Test
    void deadLetters_areListed_runAgain_andDiscarded_fromAnyNode() {
        var failing = a.submit("fail once", SYNC);
        assertThat(result(failing)).isInstanceOf(Result.Failed.class);
        assertThat(b.dead())
                .anyMatch(letter -> letter.id() == failing.id()
                        && letter.reason().contains("fail once")
                        && letter.task().data().as(Work.class).text().equals("fail once"));
        var listed = get(b.server().control().dead(DeadFilter.ofIds(Set.of(failing.id())), Paging.FIRST));
        assertThat(listed.dead()).singleElement().satisfies(letter -> {
            assertThat(letter.type()).isEqualTo(Work.class.getName());
            assertThat(letter.reason()).contains("fail once");
        });
        assertThat(listed.groups()).singleElement().returns(1L, DeadPage.Group::count);
        assertThat(get(b.server().control().rerun(DeadFilter.ofIds(Set.of(failing.id())))))
                .returns(1L, Done::matched)
                .returns(1L, Done::done);
        await().until(() -> runs("fail once").size() == 2);
        await().until(() -> a.dead().stream().anyMatch(letter -> letter.id() == failing.id()));
        assertThat(get(a.server().discardDeadTask(failing.id()))).isTrue();
        assertThat(b.dead()).noneMatch(letter -> letter.id() == failing.id());
        assertThat(get(b.server().control().dead(DeadFilter.ofIds(Set.of(failing.id())), Paging.FIRST))
                        .total())
                .isZero();
    }

    @Test
    void retries_deadlines_andTimeouts_holdWhereverItRuns() {
        assertThat(result(a.submit("fail twice", SYNC.retries(1).backoff(Duration.ofMillis(10)))))
                .isInstanceOf(Result.Failed.class);
        assertThat(runs("fail twice").stream().map(Run::attempt)).containsExactly(1, 2);
        assertThat(runs("fail twice").stream().map(Run::fence)).containsExactly(1, 2);
        assertThat(result(a.submit("gate slow", SYNC.timeout(Duration.ofMillis(200)))))
                .isInstanceOf(Result.TimedOut.class);
        Stream.of(a, b).forEach(FleetNode::occupy);
        assertThat(result(a.submit("too late", SYNC.deadline(Duration.ofMillis(100)))))
                .isInstanceOf(Result.TimedOut.class);
        assertThat(runs("too late")).isEmpty();
        assertThat(result(a.submit("for one slot", SYNC.slot(1)))).isInstanceOf(Result.Rejected.class);
    }

    @Test
    void memoryTasks_stayWhereTheyWereAsked() {
        var handles = IntStream.range(0, 50)
                .mapToObj(_ -> a.submit("echo", TaskOptions.DEFAULT))
                .toList();
        assertThat(handles).allMatch(handle -> done(handle).text().equals("a"));
    }

    @Test
    void manyTasksOfOneNode_runOnBoth_onceEach() {
        var handles =
                IntStream.range(0, 2_000).mapToObj(i -> a.submit("many", SYNC)).toList();
        handles.forEach(FleetNode::done);
        var nodes = runs("many").stream().map(Run::node).toList();
        assertThat(nodes).hasSize(2_000);
        assertThat(nodes.stream().filter("b"::equals).count()).isBetween(20L, 1_980L);
    }
}
