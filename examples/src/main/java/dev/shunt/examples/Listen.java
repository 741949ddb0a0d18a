package dev.shunt.examples;

import dev.shunt.net.Endpoint;
import picocli.CommandLine.Option;

/** The options that say where a program listens; in a string they are {@code HOST:PORT}. */
public final class Listen {

    @Option(
            names = "--host",
            paramLabel = "HOST",
            converter = Options.Host.class,
            description = "listen on this address, default ${DEFAULT-VALUE}")
    public String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = Options.Port.class,
            description = "listen on this port, 0 for any free one, default ${DEFAULT-VALUE}")
    public int port;

    public Listen(String host, int port) {
        this.host = host;
        this.port = port;
    }

    @Override
    public String toString() {
        return new Endpoint("tcp", host, port, "/").hostAndPort();
    }
}
