package dev.shunt.benchmarks.load;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long and how hard, as the command line says it. */
final class EffortOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", description = "rounds that count, default " + Effort.ROUNDS)
    private @Nullable Integer rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "length of a round, default 2")
    private @Nullable Double seconds;

    @Option(names = "--warm-up", paramLabel = "S", description = "length of the round that does not count, default 4")
    private @Nullable Double warmUp;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "of the load generator, default " + Effort.CONNECTIONS)
    private @Nullable Integer connections;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "requests due per second, whatever the server does: latencies count from when a request was"
                    + " due. Default: each connection asks again when it has its reply")
    private @Nullable Double rate;

    @Option(names = "--quick", description = "a few tiny rounds, to see that all works; the figures do not count")
    private boolean quick;

    Effort effort() {
        var defaults = quick ? Effort.QUICK : Effort.FULL;
        return new Effort(
                rounds == null ? defaults.rounds() : (int) positive("--rounds", rounds),
                seconds == null ? defaults.duration() : seconds("--seconds", seconds),
                warmUp == null ? defaults.warmUp() : seconds("--warm-up", warmUp),
                quick,
                connections == null ? defaults.connections() : (int) positive("--connections", connections),
                rate == null ? 0 : positive("--rate", rate),
                true);
    }

    private Duration seconds(String option, double value) {
        return Duration.ofNanos((long) (positive(option, value) * 1e9));
    }

    private double positive(String option, double value) {
        if (!(value > 0 && value <= 1e9)) {
            throw CaseOptions.wrong(spec, option + " must be above 0 and at most a billion");
        }
        return value;
    }
}
