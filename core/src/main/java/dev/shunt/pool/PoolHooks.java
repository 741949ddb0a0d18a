package dev.shunt.pool;

import dev.shunt.calls.FaceCallbacks;
import dev.shunt.calls.FaceHooks;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What a pool hears of its engine. */
final class PoolHooks extends FaceHooks {

    /** Done when it serves; failed if it cannot. */
    final CompletableFuture<Void> serving = new CompletableFuture<>();

    /** Done when it has ended. */
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    Consumer<? super ChildExit> childExit = _ -> {};
    Optional<Executor> callbackExecutor = Optional.empty();

    PoolHooks() {
        super(new FaceCallbacks());
    }

    FaceCallbacks callbacks() {
        return shared;
    }

    @Override
    public void started() {
        super.started();
        serving.complete(null);
    }

    @Override
    public void stopped() {
        ended.complete(null);
    }

    @Override
    public void childExited(ChildExit exit) {
        childExit.accept(exit);
    }

    @Override
    public Optional<Executor> callbackExecutor() {
        return callbackExecutor;
    }
}
