package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Protocol;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.plan.Slot;
import dev.shunt.stats.Stats;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** For slots whose handlers ask nothing of their engine. */
final class NoEngine implements Engine {

    @Override
    public Optional<Slot> slot() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long submit(Data data, TaskOptions options, @Nullable Consumer<Result> callback) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Result await(Data data, TaskOptions options, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean send(long connectionId, Object message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean close(long connectionId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Connection connect(Endpoint endpoint, Protocol protocol, Limits limits, ConnectionHandlers handlers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long schedule(Duration delay, boolean repeat, Runnable action) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean cancel(long timerId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Endpoint> endpoints() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Stats stats() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reload() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        throw new UnsupportedOperationException();
    }
}
