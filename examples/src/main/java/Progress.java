import dev.shunt.Shunt;
import dev.shunt.examples.ConsoleOptions;
import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.server.Server;
import dev.shunt.task.Result;
import dev.shunt.task.Task;
import dev.shunt.task.TaskHandle;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import picocli.CommandLine.Mixin;

@Mixin Listen listen = new Listen("127.0.0.1", 8080);

@Mixin ConsoleOptions console = new ConsoleOptions();

record CountPrimes(int below) {}

void main(String[] args) {
    var runDirectory = Options.read(this, args);
    var server = new Server(listen.host, listen.port);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    server.set(console::set);
    server.set(settings -> settings.protocol(WebSocketProtocol.DEFAULT).taskWorkerNum(2));

    // In a task worker process.
    server.answer(CountPrimes.class, this::count);

    // On the event loop: each message is a number; its client is told how far the count has come.
    server.onReceive((client, message) -> {
        if (!message.text().matches("[0-9]{1,8}")) {
            client.send("send a whole number of up to 8 digits");
            return;
        }
        if (client.attachment() instanceof TaskHandle) {
            client.send("one number at a time: the count before has not ended");
            return;
        }
        var task = server.submit(new CountPrimes(Integer.parseInt(message.text())));
        client.attach(task);
        task.progress(percent -> client.send(percent + " %"));
        var _ =
                task.result()
                        .thenAccept(result -> {
                            client.attach(null);
                            client.send(told(result));
                        });
    });

    // Nobody wants to know any more.
    server.onClose(client -> {
        if (client.attachment() instanceof TaskHandle task) {
            task.cancel();
        }
    });

    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    Shunt.command(args, server::start);
}

long count(CountPrimes wanted, Task task) {
    long primes = 0;
    for (int tenth = 1; tenth <= 10; tenth++) {
        int from = (int) (wanted.below() * (tenth - 1L) / 10);
        int to = (int) (wanted.below() * (long) tenth / 10);
        for (int number = from; number < to; number++) {
            if (task.isCancelled()) {
                throw new CancellationException();
            }
            if (isPrime(number)) {
                primes++;
            }
        }
        task.progress(10 * tenth);
    }
    return primes;
}

boolean isPrime(int number) {
    return number > 1
            && IntStream.rangeClosed(2, (int) Math.sqrt(number)).allMatch(n -> number % n != 0);
}

String told(Result result) {
    return switch (result) {
        case Result.Done done -> done.data() + " primes";
        case Result.Failed failed -> "failed: " + failed.failure();
        case Result other -> "no result: " + other;
    };
}
