package dev.shunt.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.plan.Placement;
import dev.shunt.protocol.Protocols;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ServerPlanTest {

    private static Server server() {
        return new Server("127.0.0.1", 9501).onReceive((_, _) -> {});
    }

    @Test
    void shape_ofTheSeedsProgram() {
        var server = server().onTask((_, task) -> {
            task.finish("done");
        });
        server.set(settings -> settings.taskWorkerNum(4).taskProcesses(2).workerNum(1));

        assertThat(server.plan().shape()).hasToString("""
                        group event: connections, 1 slots, 0 processes, event loop
                        group task: tasks, 4 slots, 2 processes, children
                        listener tcp://127.0.0.1:9501: RawProtocol for group event, packages of 10485760 bytes, \
                        1048576 bytes to send, 8 messages waiting, 5000 ms to connect, 3000 ms to close, \
                        60000 ms for a message, 60000 ms to read, 2147483647 connections""");
    }

    @Test
    void shape_listsSchedules() {
        var server = server().onTask((_, _) -> {});
        server.set(settings -> settings.taskWorkerNum(1).taskProcesses(1).workerNum(1));
        server.schedule("nightly", "0 3 * * *", ZoneId.of("Europe/Berlin"), TaskOptions.DEFAULT, () -> "report")
                .schedule("beat", Duration.ofSeconds(5), () -> "tick");

        assertThat(server.plan().shape()).hasToString("""
                        group event: connections, 1 slots, 0 processes, event loop
                        group task: tasks, 1 slots, 1 processes, children
                        schedule nightly: 0 3 * * * in Europe/Berlin for group task
                        schedule beat: every PT5S for group task
                        listener tcp://127.0.0.1:9501: RawProtocol for group event, packages of 10485760 bytes, \
                        1048576 bytes to send, 8 messages waiting, 5000 ms to connect, 3000 ms to close, \
                        60000 ms for a message, 60000 ms to read, 2147483647 connections""");
    }

    @Test
    void onReceiveThatIsNeverCalled_isRefused() {
        var server = server().onRequest((_, response) -> response.end("here"));
        assertThatThrownBy(server::plan)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("onReceive of tcp://127.0.0.1:9501 is never called")
                .hasMessageContaining("onMessage");
    }

    @Test
    void onReceive_besideOnRequest_isForAnotherPort() {
        var server = server().onRequest((_, response) -> response.end("here"));
        server.listen("127.0.0.1", 9502).set(settings -> settings.protocol(Protocols.delimiter("\n")));
        assertThat(server.plan().listeners()).hasSize(2);
    }

    @Test
    void schedulesWithoutTaskWorkers_areRefused_withTheRemedy() {
        var server = server().onTask((_, _) -> {});
        server.schedule("nightly", "@daily", () -> "report");

        assertThatThrownBy(server::plan)
                .hasMessageContaining("nightly")
                .hasMessageContaining("set taskWorkerNum above 0");
    }

    @Test
    void slots_countEventWorkersFirst_thenTaskWorkers() {
        var server = server().onTask((_, _) -> {});
        server.set(settings ->
                settings.placement(Placement.IN_PROCESS).workerNum(3).taskWorkerNum(2));
        var plan = server.plan();

        assertThat(plan.slot(plan.group("event"), 2).id()).isEqualTo(2);
        assertThat(plan.slot(plan.group("task"), 0).id()).isEqualTo(3);
    }

    @Test
    void inProcess_leavesNoChildren() {
        var server = server().onTask((_, _) -> {});
        server.set(settings -> settings.placement(Placement.CHILDREN)
                .workerNum(2)
                .taskWorkerNum(2)
                .inProcess(true));

        assertThat(server.plan().groups()).allMatch(group -> group.processes() == 0);
    }

    @Test
    void taskWorkersWithoutOnTask_areRefused_withTheRemedy() {
        var server = server();
        server.set(settings -> settings.taskWorkerNum(4));

        assertThatThrownBy(server::plan)
                .hasMessageContaining("taskWorkerNum is 4")
                .hasMessageContaining("onTask");
    }

    @Test
    void taskGroup_isAGroupOfItsOwn() {
        var server = server().taskGroup(
                        "mail",
                        mail -> mail.slots(2)
                                .processes(1)
                                .jvmOptions("-Xmx64m")
                                .maxRequest(20)
                                .handle(String.class, (_, _) -> {}));

        var mail = server.plan().group("mail");

        assertThat(mail.slots()).isEqualTo(2);
        assertThat(mail.processes()).isEqualTo(1);
        assertThat(mail.jvmOptions()).containsExactly("-Xmx64m");
        assertThat(mail.tasks().orElseThrow().maxRunsSpread()).isEqualTo(10);
    }

    @Test
    void taskGroupsThatCannotBe_areRefused_withTheRemedy() {
        var empty = server().taskGroup("mail", mail -> mail.slots(2));
        assertThatThrownBy(empty::plan)
                .hasMessageContaining("'mail' has no handler")
                .hasMessageContaining("handle(");

        var taken = server().taskGroup("event", mail -> mail.handle(String.class, (_, _) -> {}));
        assertThatThrownBy(taken::plan).hasMessageContaining("two groups are named 'event'");

        var nowhere = server().onTask((_, _) -> {}).taskGroup("mail", mail -> mail.handle(String.class, (_, _) -> {}));
        assertThatThrownBy(nowhere::plan)
                .hasMessageContaining("taskWorkerNum is 0")
                .hasMessageContaining("[mail]");
    }

    @Test
    void missingOnReceive_isRefused_withTheRemedy() {
        assertThatThrownBy(() -> new Server("127.0.0.1", 9501).plan()).hasMessageContaining("server.onReceive");
    }

    @Test
    void moreProcessesThanSlots_areRefused() {
        var server = server().onTask((_, _) -> {});
        server.set(settings -> settings.taskWorkerNum(2).taskProcesses(3));

        assertThatThrownBy(server::plan)
                .hasMessageContaining("group task")
                .hasMessageContaining("3 processes for 2 slots");
    }

    @Test
    void callsBeforeStart_sayWhatToDo() {
        assertThatThrownBy(() -> server().task("early", TaskOptions.DEFAULT))
                .hasMessageContaining("call start() first");
        assertThatThrownBy(() -> server().finish("nothing")).hasMessageContaining("outside of onTask");
    }
}
