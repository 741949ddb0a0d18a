package dev.shunt.tests.programs;

import dev.shunt.net.Connection;
import dev.shunt.worker.TcpConnection;
import org.jspecify.annotations.Nullable;

/** A connection of either face. */
interface Line {

    long id();

    String remoteAddress();

    boolean send(Object message);

    void close();

    @Nullable Object kept();

    void keep(Object value);

    static Line of(Connection connection) {
        return new Line() {
            @Override
            public long id() {
                return connection.id();
            }

            @Override
            public String remoteAddress() {
                return connection.remoteAddress();
            }

            @Override
            public boolean send(Object message) {
                return connection.send(message);
            }

            @Override
            public void close() {
                connection.close();
            }

            @Override
            public @Nullable Object kept() {
                return connection.attachment();
            }

            @Override
            public void keep(Object value) {
                connection.attach(value);
            }
        };
    }

    static Line of(TcpConnection connection) {
        return new Line() {
            @Override
            public long id() {
                return connection.id();
            }

            @Override
            public String remoteAddress() {
                return connection.remoteAddress();
            }

            @Override
            public boolean send(Object message) {
                return connection.send(message);
            }

            @Override
            public void close() {
                connection.close();
            }

            @Override
            public @Nullable Object kept() {
                return connection.context();
            }

            @Override
            public void keep(Object value) {
                connection.context(value);
            }
        };
    }
}
