package dev.shunt.benchmarks.vertx;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
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
    /** A request over the event bus to worker verticles, one instance for each slot. */
    BUS {
        @Override
        Runner runner(Vertx vertx, int slots, UnaryOperator<byte[]> job) {
            vertx.deployVerticle(
                            () -> new Worker(job),
                            new DeploymentOptions()
                                    .setThreadingModel(ThreadingModel.WORKER)
                                    .setInstances(slots))
                    .await();
            var bus = vertx.eventBus();
            return payload -> bus.<Buffer>request(ADDRESS, Buffer.buffer(payload))
                    .map(reply -> reply.body().getBytes());
        }
    };

    private static final String ADDRESS = "work";

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

        private void run(Message<Buffer> message) {
            message.reply(Buffer.buffer(job.apply(message.body().getBytes())));
        }
    }
}
