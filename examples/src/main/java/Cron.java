import dev.shunt.Shunt;
import dev.shunt.cron.CronExpression;
import dev.shunt.examples.ConsoleOptions;
import dev.shunt.examples.Listen;
import dev.shunt.examples.Options;
import dev.shunt.protocol.TextProtocol;
import dev.shunt.server.Server;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Mixin Listen listen = new Listen("127.0.0.1", 9501);

@Mixin ConsoleOptions console = new ConsoleOptions();

@Option(
        names = "--cron",
        paramLabel = "EXPRESSION",
        description = "minute, hour, day of month, month, day of week; default ${DEFAULT-VALUE}")
CronExpression cron = CronExpression.parse("* * * * *");

record Report(Instant due) {}

/**
 * Says what the machine is doing, by the clock: once for each time, whatever is reloaded meanwhile.
 */
void main(String[] args) {
    var runDirectory = Options.read(this, args);
    var server = new Server(listen.host, listen.port);
    server.set(settings -> runDirectory.ifPresent(settings::runDirectory));
    server.set(console::set);
    server.set(settings -> settings.protocol(new TextProtocol()).taskWorkerNum(1));

    // Asked in the manager when it is time.
    server.schedule("report", cron.toString(), () -> new Report(Instant.now()));

    // In a task worker process.
    server.answer(
            Report.class,
            (report, _) ->
                    "load at "
                            + report.due()
                            + ": "
                            + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    server.onFinish(done -> IO.println(done.data()));

    // Or whenever somebody asks.
    server.onReceive((client, _) -> {
        var report = server.submit(new Report(Instant.now()));
        var _ = report.result().thenAccept(result -> client.send(result.toString()));
    });

    server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
    Shunt.command(args, server::start);
}
