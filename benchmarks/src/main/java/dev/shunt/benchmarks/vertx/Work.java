package dev.shunt.benchmarks.vertx;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.UnaryOperator;

/** The two ways in which Vert.x runs what may block. The result comes back on the context that asked. */
enum Work {
    /** {@code executeBlocking}, not ordered, on the pool of worker threads. */
    BLOCKING {
        @Override
        @SuppressWarnings("NullAway") // no job gives null
        Runner runner(Vertx vertx, int slots, UnaryOperator<byte[]> job) {
            return payload -> vertx.executeBlocking(() -> job.apply(payload), false);
        }
    },
    /**
     * A request over the event bus to worker verticles, one instance for each slot. Payload and result go by reference: the
     * bus would copy buffers and arrays alike.
     */
    BUS {
        @Override
        Runner runner(Vertx vertx, int slots, UnaryOperator<byte[]> job) {
            vertx.deployVerticle(
                            () -> new Worker(job),
                            new DeploymentOptions()
                                    .setThreadingModel(ThreadingModel.WORKER)
                                    .setInstances(slots))
                    .await();
            var bus = vertx.eventBus().registerCodec(new ByReference());
            return payload ->
                    bus.<byte[]>request(ADDRESS, payload, BY_REFERENCE).map(Message::body);
        }
    };

    private static final String ADDRESS = "work";
    private static final DeliveryOptions BY_REFERENCE = new DeliveryOptions().setCodecName(ByReference.NAME);

    /** Runs one task. */
    interface Runner {

        Future<byte[]> run(byte[] payload);
    }

    abstract Runner runner(Vertx vertx, int slots, UnaryOperator<byte[]> job);

    private static final class Worker extends AbstractVerticle {

        private final UnaryOperator<byte[]> job;

        Worker(UnaryOperator<byte[]> job) {
            this.job = job;
        }

        @Override
        public void start() {
            vertx.eventBus().consumer(ADDRESS, this::run);
        }

        private void run(Message<byte[]> message) {
            message.reply(job.apply(message.body()), BY_REFERENCE);
        }
    }

    /** Gives the receiver the very array that was sent: nobody here changes one. */
    private static final class ByReference implements MessageCodec<byte[], byte[]> {

        static final String NAME = "bytes by reference";

        @Override
        public byte[] transform(byte[] sent) {
            return sent;
        }

        @Override
        public void encodeToWire(Buffer buffer, byte[] sent) {
            throw new UnsupportedOperationException("not for other processes");
        }

        @Override
        public byte[] decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException("not from other processes");
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public byte systemCodecID() {
            return -1; // not one of Vert.x's own
        }
    }
}
