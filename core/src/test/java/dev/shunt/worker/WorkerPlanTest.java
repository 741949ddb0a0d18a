package dev.shunt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Shape;
import dev.shunt.plan.TaskTypes.Route;
import dev.shunt.server.Server;
import dev.shunt.server.ServerShape;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerPlanTest {

    private static Shape shape(Worker worker) {
        return Program.plan(List.of(worker.settings())).shape();
    }

    @Test
    void shape_ofTheSeedsTaskServer() {
        var worker = new Worker("Text://0.0.0.0:12345").count(100).name("TaskWorker");

        assertThat(shape(worker)).hasToString("""
                        group TaskWorker: connections, 100 slots, 1 processes, children
                        listener text://0.0.0.0:12345: TextProtocol for group TaskWorker, packages of 10485760 bytes, \
                        1048576 bytes to send, 8 messages waiting, 5000 ms to connect, 3000 ms to close, \
                        60000 ms for a message, 60000 ms to read, 2147483647 connections""");
    }

    @Test
    void theSameProgramInBothFaces_hasTheSameShape() {
        var worker = new Worker("tcp://127.0.0.1:9501")
                .name("event")
                .placement(Placement.IN_PROCESS)
                .count(3);
        var server = new Server("127.0.0.1", 9501).onReceive((_, _) -> {});
        server.set(settings -> settings.placement(Placement.IN_PROCESS).workerNum(3));

        assertThat(shape(worker)).isEqualTo(shapeOf(server));
    }

    @Test
    void theSameTasksInBothFaces_haveTheSameShape() {
        var front = new Worker("tcp://127.0.0.1:9501").name("event").placement(Placement.EVENT_LOOP);
        var tasks = new Worker()
                .name("task")
                .count(4)
                .processes(2)
                .handle(String.class, (_, _) -> {})
                .onTask((_, _) -> {})
                .schedule("beat", Duration.ofSeconds(5), () -> "tick")
                .schedule("nightly", "@daily", ZoneOffset.UTC, TaskOptions.DEFAULT.retries(1), () -> "report");
        var server = new Server("127.0.0.1", 9501)
                .onReceive((_, _) -> {})
                .handle(String.class, (_, _) -> {})
                .onTask((_, _) -> {})
                .schedule("beat", Duration.ofSeconds(5), () -> "tick")
                .schedule("nightly", "@daily", ZoneOffset.UTC, TaskOptions.DEFAULT.retries(1), () -> "report");
        server.set(settings -> settings.workerNum(1).taskWorkerNum(4).taskProcesses(2));

        assertThat(Program.plan(List.of(front.settings(), tasks.settings())).shape())
                .isEqualTo(shapeOf(server));
    }

    @Test
    void childrenForTasks_areAsManyAsSlotsOrCores_unlessTheProgramSaysSo() {
        assertThat(new Worker().onTask((_, _) -> {}).settings().group().processes())
                .isEqualTo(1);
        assertThat(new Worker()
                        .count(1000)
                        .onTask((_, _) -> {})
                        .settings()
                        .group()
                        .processes())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(new Worker().count(1000).settings().group().processes()).isEqualTo(1);
    }

    @Test
    void tasksOnAWorkerThatListens_areRefused_withTheRemedy() {
        var worker = new Worker("text://127.0.0.1:12345");

        assertThatThrownBy(() -> worker.onTask((_, _) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("text://127.0.0.1:12345")
                .hasMessageContaining("new Worker().name(\"tasks\").onTask(...)");
        assertThatThrownBy(() -> worker.schedule("beat", Duration.ofSeconds(1), () -> "tick"))
                .hasMessageContaining("which listens");
    }

    @Test
    void twoWorkersForTasks_areTwoGroups_andTasksGoByTheirType() {
        var mails = new Worker().name("mails").jvmOptions("-Xmx64m").handle(String.class, (_, _) -> {});
        var reports = new Worker()
                .name("reports")
                .handle(Integer.class, (_, _) -> {})
                .handle(Long.class, (_, _) -> {})
                .onTask((_, _) -> {});

        var plan = Program.plan(List.of(mails.settings(), reports.settings()));
        var types = plan.taskTypes();
        var number = types.submission(7L, TaskOptions.DEFAULT).type();

        assertThat(plan.taskGroups()).extracting(Group::name).containsExactly("mails", "reports");
        assertThat(plan.taskGroups()).extracting(Group::jvmOptions).containsExactly(List.of("-Xmx64m"), List.of());
        assertThat(types.route(number)).contains(new Route(1, 1));
        assertThat(types.number(new Route(1, 1))).isEqualTo(number);
        assertThat(types.route(types.submission("mail", TaskOptions.DEFAULT).type()))
                .contains(new Route(0, 0));
        assertThat(types.route(types.submission(7.5, TaskOptions.DEFAULT).type()))
                .contains(new Route(1, Submission.UNTYPED));
        assertThat(types.route("java.lang.Integer")).contains(new Route(1, 0));
        assertThat(types.route("")).contains(new Route(1, Submission.UNTYPED));
        assertThat(types.route("java.lang.Double")).isEmpty();
    }

    @Test
    void typeOfTwoWorkers_isRefused_withTheRemedy() {
        var mails = new Worker().name("mails").handle(String.class, (_, _) -> {});
        var reports = new Worker().name("reports").handle(String.class, (_, _) -> {});

        assertThatThrownBy(() -> Program.plan(List.of(mails.settings(), reports.settings())))
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining("'mails' and in group 'reports'")
                .hasMessageContaining("declare each type in one group");
    }

    @Test
    void callbacksForResults_onTwoWorkers_areRefused_withTheRemedy() {
        var mails =
                new Worker().name("mails").handle(String.class, (_, _) -> {}).onFinish(_ -> {});
        var reports = new Worker().name("reports").onTask((_, _) -> {}).onTaskFailed(_ -> {});

        assertThatThrownBy(() -> Program.plan(List.of(mails.settings(), reports.settings())))
                .hasMessageContaining("mails and reports")
                .hasMessageContaining("on one of them, which hears of the tasks of all");
    }

    @Test
    void twoWorkersWithOnTask_areRefused_withTheRemedy() {
        var mails = new Worker().name("mails").onTask((_, _) -> {});
        var reports = new Worker().name("reports").onTask((_, _) -> {});

        assertThatThrownBy(() -> Program.plan(List.of(mails.settings(), reports.settings())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mails and reports")
                .hasMessageContaining("handle(");
    }

    @Test
    void schedulesWithoutAHandler_areRefused_withTheRemedy() {
        var worker = new Worker().name("clock").schedule("beat", Duration.ofSeconds(1), () -> "tick");

        assertThatThrownBy(() -> Program.plan(List.of(worker.settings())))
                .hasMessageContaining("[beat]")
                .hasMessageContaining("clock")
                .hasMessageContaining("give it onTask");
    }

    @Test
    void taskOnAWorkerThatRunsNone_isRefused_withTheRemedy() {
        assertThatThrownBy(() -> new Worker("text://127.0.0.1:12345").task("early"))
                .hasMessageContaining("text://127.0.0.1:12345")
                .hasMessageContaining("submit to the worker that has one");
    }

    private static Shape shapeOf(Server server) {
        return ServerShape.of(server);
    }

    @Test
    void unknownScheme_isNamed_withWhatIsKnownAndTheRemedy() {
        assertThatThrownBy(() -> new Worker("gopher://0.0.0.0:70"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gopher://0.0.0.0:70")
                .hasMessageContaining("frame, http, https, ssl, tcp, text, udp, unix, websocket, ws, wss")
                .hasMessageContaining("Worker.protocol(\"gopher\"");
    }

    @Test
    void ownProtocol_isFoundUnderItsScheme_inAnyCase() {
        Worker.protocol("Netstring", new Protocol() {
            @Override
            public int input(Buffer buffer) {
                return 0;
            }
        });
        assertThat(new Worker("netSTRING://127.0.0.1:0").settings().listener()).isPresent();
    }

    @Test
    void sidesOfWebSocket_areNotMixedUp() {
        assertThatThrownBy(() -> new Worker("ws://0.0.0.0:80")).hasMessageContaining("websocket://");
        assertThatThrownBy(() -> new AsyncTcpConnection("websocket://127.0.0.1:80"))
                .hasMessageContaining("ws://");
    }

    @Test
    void outsideOfAWorker_timersAndConnectionsAreRefused() {
        assertThatThrownBy(() -> Timer.add(1, () -> {})).hasMessageContaining("onWorkerStart");
        assertThatThrownBy(() -> new AsyncTcpConnection("text://127.0.0.1:1").connect())
                .hasMessageContaining("onWorkerStart");
        assertThatThrownBy(() -> Timer.duration(-1)).hasMessageContaining("-1.0 seconds");
        assertThatThrownBy(() -> Timer.duration(Double.NaN)).hasMessageContaining("NaN");
    }
}
