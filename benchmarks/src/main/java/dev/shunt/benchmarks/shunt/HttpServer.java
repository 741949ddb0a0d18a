package dev.shunt.benchmarks.shunt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shunt.benchmarks.program.Listening;
import dev.shunt.data.Data;
import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;
import dev.shunt.server.Server;

/** Answers every request with a greeting, on the event loop. HTTP is what a user makes of the three functions. */
public final class HttpServer {

    private HttpServer() {}

    public static void main(String... args) {
        var server = new Server(Listening.HOST, Listening.of(args).port());
        server.set(settings -> settings.protocol(new HelloHttp()));
        server.onReceive((connection, request) -> connection.send("Hello, World!"));
        server.onStart(() -> Listening.say(server.endpoint().port()));
        server.start();
    }

    /** Requests without a body, kept alive, answered with 200 and a text: enough for a greeting, and no more. */
    private record HelloHttp() implements Protocol {

        private static final int END = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

        @Override
        public int input(Buffer buffer) {
            int last = buffer.length() - Integer.BYTES;
            for (int i = Math.max(0, buffer.indexOf((byte) '\n') - 1); i <= last; i++) {
                if (buffer.get(i) == '\r' && buffer.getInt(i) == END) {
                    return i + Integer.BYTES;
                }
            }
            return 0;
        }

        @Override
        public Data encode(Object message) {
            String body = Data.of(message).text();
            return Data.of(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length()
                            + "\r\n\r\n" + body)
                    .getBytes(US_ASCII));
        }
    }
}
