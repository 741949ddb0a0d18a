import dev.shunt.examples.Address;
import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.examples.TaskCall;
import dev.shunt.examples.TaskFunctions;
import dev.shunt.worker.Worker;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Mixin Listen listen = new Listen("0.0.0.0", 12345);

@Option(
        names = "--smtp",
        paramLabel = "HOST:PORT",
        description = "without it, mails are only shown")
Address smtp;

void main(String[] args) {
    Options.read(this, args)
            .ifPresent(place -> Worker.control(control -> control.withRunDirectory(place)));
    var functions = new TaskFunctions(smtp);

    // Task workers, speaking the text protocol; make them as many as the tasks need.
    var taskWorker = new Worker("Text://" + listen);
    taskWorker.count(100);
    taskWorker.name("TaskWorker");
    taskWorker.onMessage((connection, taskData) -> {
        Object taskResult;
        try {
            // Such as {"function":"send_mail","args":{"from":"...","to":"...","contents":"..."}}
            taskResult = functions.call(TaskCall.parse(taskData));
        } catch (Exception e) {
            taskResult = new TaskFunctions.Failed(false, e.getMessage());
        }
        connection.send(taskResult); // as one line of JSON
    });
    Worker.runAll(args);
}
