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

record CountPrimes(int below) {}

void main(String[] args) {
    Options.read(this, args);
    var server = new Server(listen.host, listen.port);
    server.set(settings -> settings.protocol(WebSocketProtocol.DEFAULT).taskWorkerNum(2));

    // In a task worker process.
    server.answer(CountPrimes.class, this::count);

    // On the event loop: each message is a number; its client is told how far the count has come.
    server.onReceive((client, message) -> {
        if (!message.text().matches("[0-9]{1,8}")) {
            client.send("send a whole number of up to 8 digits");
            return;
        }
        var task = server.submit(new CountPrimes(Integer.parseInt(message.text())));
        client.attach(task);
        task.progress(percent -> client.send(percent + " %"));
        var _ = task.result().thenAccept(result -> client.send(told(result)));
    });

    // Nobody wants to know any more.
    server.onClose(client -> {
        if (client.attachment() instanceof TaskHandle task) {
            task.cancel();
        }
    });

    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    server.start();
}

long count(CountPrimes wanted, Task task) {
    long primes = 0;
    for (int percent = 1; percent <= 100; percent++) {
        if (task.isCancelled()) {
            throw new CancellationException();
        }
        int from = (int) (wanted.below() * (percent - 1L) / 100);
        int to = (int) (wanted.below() * (long) percent / 100);
        primes += IntStream.range(from, to).filter(this::isPrime).count();
        if (percent % 10 == 0) {
            task.progress(percent);
        }
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
