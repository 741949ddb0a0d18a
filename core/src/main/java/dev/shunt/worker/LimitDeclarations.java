package dev.shunt.worker;

import dev.shunt.check.Check;
import dev.shunt.net.Limits;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * What the peers of a worker's address may take, in memory, time and number, and how many tasks its processes run; said
 * before {@link Worker#runAll}.
 */
public sealed interface LimitDeclarations permits Worker {

    /** Longest message accepted, in bytes; a longer one closes its connection. Default 10 MiB. */
    default Worker maxPackageSize(int bytes) {
        return limits(
                "maxPackageSize",
                limits -> limits.withMaxPackageBytes(Check.count("maxPackageSize", bytes, 1, "in bytes")));
    }

    /** How much may wait to be sent on one connection, in bytes; more is refused, from a child twice as much. Default 1 MiB. */
    default Worker maxSendBufferSize(int bytes) {
        return limits(
                "maxSendBufferSize",
                limits -> limits.withMaxSendBytes(Check.count("maxSendBufferSize", bytes, 1, "in bytes")));
    }

    /**
     * How long a message may take from its first byte to its last, and a second more for each 4 KiB of it; then its
     * connection is cut. Default 60 seconds.
     */
    default Worker messageTimeout(Duration value) {
        return limits("messageTimeout", limits -> limits.withMessageTimeout(value));
    }

    /** How long bytes may wait of which the peer takes none before its connection is cut. Default 60 seconds. */
    default Worker sendTimeout(Duration value) {
        return limits("sendTimeout", limits -> limits.withSendTimeout(value));
    }

    /** How many connections the address may have; one more is closed at once. Default: no limit but that of descriptors. */
    default Worker maxConnections(int value) {
        return limits("maxConnections", limits -> limits.withMaxConnections(value));
    }

    /** How many tasks a slot's process runs at most; what it hosts counts together. In children only. Default 0: any. */
    default Worker taskMaxRequest(int value) {
        setting("taskMaxRequest").tasks.maxRuns(Check.count("taskMaxRequest", value, 0, "0 means never"), -1);
        return (Worker) this;
    }

    /** As {@link #taskMaxRequest(int)}, and up to {@code grace} tasks more per process, at random; else half of it. */
    default Worker taskMaxRequest(int value, int grace) {
        setting("taskMaxRequest")
                .tasks
                .maxRuns(
                        Check.count("taskMaxRequest", value, 0, "0 means never"),
                        Check.count("taskMaxRequest grace", grace, 0, "0 means none more"));
        return (Worker) this;
    }

    private Worker limits(String call, UnaryOperator<Limits> change) {
        var settings = setting(call);
        settings.limits = change.apply(settings.limits);
        return (Worker) this;
    }

    private WorkerSettings setting(String call) {
        var settings = ((Worker) this).settings();
        settings.refuseLate(call);
        return settings;
    }
}
