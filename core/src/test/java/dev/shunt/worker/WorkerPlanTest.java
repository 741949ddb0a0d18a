package dev.shunt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;
import dev.shunt.plan.Hooks;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Settings;
import dev.shunt.plan.Shape;
import dev.shunt.server.Server;
import dev.shunt.server.ServerShape;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerPlanTest {

    private static Shape shape(Worker worker) {
        return new Plan(List.of(worker.group()), worker.listener().stream().toList(), Settings.DEFAULT, new Hooks() {})
                .shape();
    }

    @Test
    void shape_ofTheSeedsTaskServer() {
        var worker = new Worker("Text://0.0.0.0:12345").count(100).name("TaskWorker");

        assertThat(shape(worker)).hasToString("""
                        group TaskWorker: connections, 100 slots, 1 processes, children
                        listener text://0.0.0.0:12345: TextProtocol for group TaskWorker""");
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

    private static Shape shapeOf(Server server) {
        return ServerShape.of(server);
    }

    @Test
    void unknownScheme_isNamed_withWhatIsKnownAndTheRemedy() {
        assertThatThrownBy(() -> new Worker("gopher://0.0.0.0:70"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gopher://0.0.0.0:70")
                .hasMessageContaining("frame, tcp, text, websocket, ws")
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
        assertThat(new Worker("netSTRING://127.0.0.1:0").listener()).isPresent();
    }

    @Test
    void sidesOfWebSocket_areNotMixedUp() {
        assertThatThrownBy(() -> new Worker("ws://0.0.0.0:80")).hasMessageContaining("websocket://");
        assertThatThrownBy(() -> new AsyncTcpConnection("websocket://127.0.0.1:80"))
                .hasMessageContaining("ws://");
    }

    @Test
    void workermansCommands_areRefusedWithTheRemedy() {
        assertThatThrownBy(() -> Worker.runAll("status"))
                .hasMessageContaining("'status'")
                .hasMessageContaining("SIGTERM");
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
