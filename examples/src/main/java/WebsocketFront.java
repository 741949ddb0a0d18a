import dev.shunt.examples.Address;
import dev.shunt.examples.Listen;
import dev.shunt.examples.OneAnswer;
import dev.shunt.examples.Options;
import dev.shunt.examples.TaskData;
import dev.shunt.worker.AsyncTcpConnection;
import dev.shunt.worker.Worker;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Mixin Listen listen = new Listen("0.0.0.0", 8080);

@Option(names = "--task-server", paramLabel = "HOST:PORT", description = "default ${DEFAULT-VALUE}")
Address taskServer = new Address("127.0.0.1", 12345);

@Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        converter = Options.Seconds.class,
        description = "how long a task may take, default ${DEFAULT-VALUE}")
int timeout = 10;

void main(String[] args) {
    Options.read(this, args)
            .ifPresent(place -> Worker.control(control -> control.withRunDirectory(place)));
    var front = new Worker("websocket://" + listen);
    front.onMessage((client, message) -> {
        // The task server may be on this machine, on another one, or a cluster behind one address.
        var task = new AsyncTcpConnection("Text://" + taskServer);
        task.send(TaskData.of(message));
        // Exactly one, also if the task server is down, slow or gone midway.
        var answer = new OneAnswer(client, task, timeout);
        task.onMessage((_, taskResult) -> {
            IO.println(taskResult);
            // Either one tells the client and closes the connection to the task server.
            if (TaskData.ok(taskResult)) {
                answer.give("attività completata");
            } else {
                answer.failed(TaskData.error(taskResult));
            }
        });
        task.connect();
    });
    front.onClose(OneAnswer::clientLeft);
    Worker.runAll(args);
}
