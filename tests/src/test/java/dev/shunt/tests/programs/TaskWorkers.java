package dev.shunt.tests.programs;

import dev.shunt.plan.Placement;
import dev.shunt.worker.TcpConnection;
import dev.shunt.worker.Worker;

/** The same program as {@link TaskServer} in the other face's words: it says and does the same. */
public final class TaskWorkers {

    private record FrontClient(TcpConnection connection) implements TaskClientCommands.Client {

        @Override
        public long id() {
            return connection.id();
        }

        @Override
        public boolean send(Object message) {
            return connection.send(message);
        }
    }

    private TaskWorkers() {}

    static void main(String[] args) {
        var options = Options.of(args);
        var tasks = tasks(options);
        var face = AnyFace.of(tasks);
        tasks.onTask(new Jobs(face, options)::run)
                .onFinish(done -> IO.println("on worker " + tasks.workerId() + " finish " + Results.text(done)))
                .onTaskFailed(result -> IO.println("on worker " + tasks.workerId() + " task " + Results.text(result)));
        var commands = new TaskClientCommands(face);
        new Worker("text://127.0.0.1:0")
                .name("front")
                .placement(options.placement("placement", Placement.CHILDREN))
                .virtual(options.flag("virtual"))
                .count(options.number("workers", 1))
                .maxSendBufferSize(16 << 20)
                .onMessage((client, line) -> commands.obey(new FrontClient(client), Command.of(line.text())));
        Worker.inProcess(options.flag("in-process"));
        Worker.runAll();
    }

    private static Worker tasks(Options options) {
        var placement = options.placement("task-placement", Placement.CHILDREN);
        return new Worker()
                .name("tasks")
                .placement(placement)
                .count(options.number("task-workers", 4))
                .processes(options.number("task-processes", 0));
    }
}
