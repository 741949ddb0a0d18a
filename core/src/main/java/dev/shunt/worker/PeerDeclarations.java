package dev.shunt.worker;

import dev.shunt.check.Check;
import dev.shunt.net.Limits;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** What the peers of a worker's address may take, in memory, time and number; said before {@link Worker#runAll}. */
public sealed interface PeerDeclarations permits Worker {

    /** How much may wait to be sent on one connection, in bytes; more is refused. Default 1 MiB. */
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

    private Worker limits(String call, UnaryOperator<Limits> change) {
        Program.refuseIfRunning(call);
        var worker = (Worker) this;
        worker.settings().limits = change.apply(worker.settings().limits);
        return worker;
    }
}
