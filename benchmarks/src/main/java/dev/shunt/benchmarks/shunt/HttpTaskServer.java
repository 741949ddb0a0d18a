package dev.shunt.benchmarks.shunt;

import dev.shunt.benchmarks.program.Job;
import dev.shunt.benchmarks.program.Listening;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;

/** The body of a request becomes a task, its result the response. Arguments: {@code PORT SLOTS PLACEMENT}. */
public final class HttpTaskServer {

    private HttpTaskServer() {}

    public static void main(String... args) {
        var listening = Listening.of(args);
        var server = new Server(Listening.HOST, listening.port());
        var placement = Placement.valueOf(args[2]);
        server.set(settings -> settings.placement(placement).taskWorkerNum(listening.slots()));
        server.onRequest((request, response) ->
                server.answerWith(response, request.body().text()));
        server.onTask(task -> {
            return Job.answer(task.data().text());
        });
        server.onStart(() -> Listening.say(server.endpoint().port()));
        server.start();
    }
}
