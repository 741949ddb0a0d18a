package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.worker.AsyncTcpConnection;
import dev.shunt.worker.TcpConnection;
import dev.shunt.worker.Timer;
import dev.shunt.worker.Worker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opens connections and sets timers as its client says, and tells the client what their callbacks are told. */
public final class Caller {

    private @Nullable AsyncTcpConnection outgoing;
    private long timer;
    private int ticks;

    private Caller() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var program = new Caller();
        Worker.protocol("netstring", new Netstring());
        new Worker("text://127.0.0.1:0")
                .placement(options.placement("placement", Placement.CHILDREN))
                .virtual(options.flag("virtual"))
                .onMessage((client, message) -> program.obey(client, Command.of(message.text())));
        Worker.runAll();
    }

    private void obey(TcpConnection client, Command command) {
        switch (command.verb()) {
            case "new" -> create(client, command.rest());
            case "timeout" -> outgoing().connectTimeout(Duration.ofMillis(Integer.parseInt(command.rest())));
            case "header" ->
                outgoing().header(command.next().verb(), command.next().rest());
            case "connect" -> outgoing().connect();
            case "send" -> client.send("sent " + outgoing().send(command.rest()));
            case "close" -> outgoing().close();
            case "close-with" ->
                outgoing()
                        .close(
                                Integer.parseInt(command.next().verb()),
                                command.next().rest());
            case "status" ->
                client.send(
                        "status " + outgoing().closeCode() + " " + outgoing().closeReason());
            case "reconnect" -> outgoing().reconnect(Double.parseDouble(command.rest()));
            case "remote" ->
                client.send("remote " + outgoing().remoteAddress() + " id "
                        + outgoing().id());
            case "every" -> tickEvery(client, Double.parseDouble(command.rest()));
            case "once" ->
                Timer.add(Double.parseDouble(command.rest()), () -> client.send("once, ticks " + ticks), false);
            case "del" -> client.send("deleted " + Timer.del(timer));
            case "ping" -> client.send("pong");
            default -> throw command.unknown();
        }
    }

    private AsyncTcpConnection outgoing() {
        if (outgoing == null) {
            throw new IllegalStateException("say 'new ADDRESS' first");
        }
        return outgoing;
    }

    private void create(TcpConnection client, String address) {
        Thread slot = Thread.currentThread();
        outgoing = new AsyncTcpConnection(address)
                .onConnect(_ -> client.send("onConnect" + elsewhere(slot)))
                .onMessage((connection, message) -> {
                    client.send("onMessage " + message + elsewhere(slot));
                    answer(connection, Command.of(message.text()));
                })
                .onError((_, code, text) -> client.send("onError " + code + " " + text + elsewhere(slot)))
                .onClose(_ -> client.send("onClose" + elsewhere(slot)));
    }

    private static void answer(TcpConnection connection, Command command) {
        switch (command.verb()) {
            case "close-yours" -> connection.close(command.rest());
            case "throw" -> throw new IllegalStateException(command.rest());
            default -> {} // only to be told of
        }
    }

    private void tickEvery(TcpConnection client, double seconds) {
        Thread slot = Thread.currentThread();
        ticks = 0;
        timer = Timer.add(seconds, () -> client.send("tick " + ++ticks + elsewhere(slot)));
    }

    /** Callbacks belong on the slot that asked for them. */
    private static String elsewhere(Thread slot) {
        return Thread.currentThread().equals(slot) ? "" : " on " + Thread.currentThread() + ", not on " + slot;
    }
}
