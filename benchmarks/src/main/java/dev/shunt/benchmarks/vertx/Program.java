package dev.shunt.benchmarks.vertx;

import dev.shunt.benchmarks.program.Listening;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.function.Function;

/** The Vert.x of the other programs here: native transport, as many event loops as the other contenders. */
final class Program {

    private Program() {}

    static Vertx vertx(int workers) {
        return Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(Listening.LOOPS)
                .setWorkerPoolSize(workers));
    }

    /** One listening verticle for each event loop; says when all of them accept. */
    static void serve(Vertx vertx, Function<Vertx, Future<Integer>> listen) {
        var port = new int[1];
        vertx.deployVerticle(
                        () -> new VerticleBase() {
                            @Override
                            public Future<?> start() {
                                return listen.apply(vertx).onSuccess(bound -> port[0] = bound);
                            }
                        },
                        new DeploymentOptions().setInstances(Listening.LOOPS))
                .onSuccess(_ -> Listening.say(port[0]))
                .onFailure(failure -> {
                    System.err.println("cannot listen: " + failure.getMessage());
                    System.exit(1);
                });
    }
}
