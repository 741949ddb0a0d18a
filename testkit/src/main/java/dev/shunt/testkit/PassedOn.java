package dev.shunt.testkit;

import dev.shunt.data.Data;
import dev.shunt.engine.Engine;
import dev.shunt.http.Bodies;
import dev.shunt.http.HttpPart;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.Tls;
import dev.shunt.plan.ConnectionHandlers;
import dev.shunt.question.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What an engine for tests leaves to the manager's parts as it is asked for. */
abstract class PassedOn implements Engine {

    /** That of the manager. */
    abstract Engine engine();

    @Override
    public boolean post(int slotId, Data message) {
        return engine().post(slotId, message);
    }

    @Override
    public boolean send(long connectionId, Object message) {
        return engine().send(connectionId, message);
    }

    @Override
    public boolean answer(HttpPart part, boolean shared) {
        return engine().answer(part, shared);
    }

    @Override
    public void askBody(long requestId, int bytes, Bodies.Sink sink) {
        engine().askBody(requestId, bytes, sink);
    }

    @Override
    public boolean close(long connectionId) {
        return engine().close(connectionId);
    }

    @Override
    public boolean close(long connectionId, int code, String reason) {
        return engine().close(connectionId, code, reason);
    }

    /** Listeners of the same program can be reached, by their port; nobody else is there. */
    @Override
    public Connection connect(
            Endpoint endpoint,
            ApplicationProtocol protocol,
            Limits limits,
            Optional<Tls.Client> tls,
            ConnectionHandlers handlers) {
        return engine().connect(endpoint, protocol, limits, tls, handlers);
    }

    @Override
    public long schedule(Duration delay, boolean repeat, Runnable action) {
        return engine().schedule(delay, repeat, action);
    }

    @Override
    public long alarm(Duration delay, Runnable action) {
        return engine().alarm(delay, action);
    }

    /** Runs what is due until it is so; the clock moves on meanwhile, as far as that time. */
    @Override
    public boolean letOthersRun(BooleanSupplier so, long nanos) {
        return engine().letOthersRun(so, nanos);
    }

    @Override
    public boolean cancel(long timerId) {
        return engine().cancel(timerId);
    }

    @Override
    public List<Endpoint> endpoints() {
        return engine().endpoints();
    }

    @Override
    public <R> R ask(Question<R> question) {
        return engine().ask(question);
    }

    @Override
    public void subscribe(String topic, Consumer<? super Data> listener) {
        engine().subscribe(topic, listener);
    }

    @Override
    public boolean unsubscribe(String topic) {
        return engine().unsubscribe(topic);
    }
}
