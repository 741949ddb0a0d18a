/**
 * Shunt: event-driven servers whose tasks run in isolated child processes. A program begins with {@code
 * dev.shunt.server.Server} or {@code dev.shunt.worker.Worker}.
 */
@SuppressWarnings({
    "module", // of SQLite's, which is compiled after this one
    "requires-automatic"
})
module dev.shunt {
    requires com.cronutils;
    requires com.fasterxml.jackson.annotation;
    requires HdrHistogram;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.compression;
    requires io.netty.codec.haproxy;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.epoll.linux.aarch_64; // native libraries, of which Netty takes that of this machine
    requires io.netty.transport.epoll.linux.x86_64;
    requires io.netty.transport.unix.common;
    requires java.management;
    requires static jdk.jfr;
    requires jdk.unsupported;
    requires org.slf4j;
    requires tools.jackson.databind;
    requires transitive org.jspecify;

    uses dev.shunt.control.MetricsFormat;
    uses dev.shunt.control.Pages;

    exports dev.shunt;
    exports dev.shunt.api;
    exports dev.shunt.bus;
    exports dev.shunt.calls;
    exports dev.shunt.control;
    exports dev.shunt.data;
    exports dev.shunt.http;
    exports dev.shunt.net;
    exports dev.shunt.plan;
    exports dev.shunt.pool;
    exports dev.shunt.protocol;
    exports dev.shunt.server;
    exports dev.shunt.stats;
    exports dev.shunt.task;
    exports dev.shunt.worker;

    opens dev.shunt.control to
            tools.jackson.databind;
    opens dev.shunt.engine to
            tools.jackson.databind;
    opens dev.shunt.net to
            tools.jackson.databind;
    opens dev.shunt.stats to
            tools.jackson.databind;
    opens dev.shunt.data to
            tools.jackson.databind; // the objects that it warms up with

    exports dev.shunt.remote to
            dev.shunt.cli;
    exports dev.shunt.check to
            dev.shunt.postgres;
    exports dev.shunt.fatal to
            dev.shunt.postgres,
            dev.shunt.sqlite;
    exports dev.shunt.files to
            dev.shunt.sqlite;
    exports dev.shunt.log to
            dev.shunt.micrometer,
            dev.shunt.postgres,
            dev.shunt.sqlite;
    exports dev.shunt.time to
            dev.shunt.postgres;
}
