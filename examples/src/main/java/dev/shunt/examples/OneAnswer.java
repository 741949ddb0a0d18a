package dev.shunt.examples;

import dev.shunt.worker.AsyncTcpConnection;
import dev.shunt.worker.TcpConnection;
import dev.shunt.worker.Timer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives a client exactly one answer about a task: whatever comes first, its result, an error or the
 * end of patience. Then the task's connection is closed; also when the client leaves. Lives on the
 * client's slot.
 */
public final class OneAnswer {

    /** What a client still waits for, kept with its connection. */
    private record Awaited(Set<OneAnswer> answers) {}

    private final TcpConnection client;
    private final AsyncTcpConnection task;
    private final Awaited awaited;
    private final long patience;

    /** Sees to all that can happen to the task's connection, except its messages. */
    public OneAnswer(TcpConnection client, AsyncTcpConnection task, int seconds) {
        this.client = client;
        this.task = task;
        awaited = awaited(client);
        awaited.answers.add(this);
        patience =
                Timer.add(seconds, () -> failed("nessuna risposta entro " + seconds + " s"), false);
        task.onError(
                (_, _, reason) -> failed("il server delle attività non risponde (" + reason + ")"));
        task.onClose(_ -> failed("il server delle attività ha chiuso la connessione"));
    }

    /** The first answer goes to the client, the others nowhere. */
    public void give(String text) {
        if (end()) {
            client.send(text);
        }
    }

    public void failed(String reason) {
        give("attività non riuscita: " + reason);
    }

    /** The client needs no answer any more. */
    public static void clientLeft(TcpConnection client) {
        List.copyOf(awaited(client).answers).forEach(OneAnswer::end);
    }

    private boolean end() {
        if (!awaited.answers.remove(this)) {
            return false;
        }
        Timer.del(patience);
        task.close();
        return true;
    }

    private static Awaited awaited(TcpConnection client) {
        if (client.context() instanceof Awaited known) {
            return known;
        }
        var fresh = new Awaited(new HashSet<>());
        client.context(fresh);
        return fresh;
    }
}
