package dev.shunt.tests.programs;

import dev.shunt.data.Data;
import dev.shunt.server.Server;

/** The program in docs/from-swoole.md. */
public final class SwooleRooms {

    private SwooleRooms() {}

    static void main(String[] args) {
        var server = new Server("127.0.0.1", Options.of(args).number("port", 0));
        var visits = server.table("visits");
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onOpen((client, request) -> {
            String name = request.query("name").orElse("nobody");
            server.bindUid(client.id(), name);
            client.send("visit " + visits.increment(name));
        });
        server.onMessage((client, text) -> {
            String from = server.getUidByClientId(client.id()).orElseThrow();
            server.sendToAll(from + ": " + text, client.id());
        });
        server.onRequest((request, response) ->
                response.end(visits.get(request.query("name").orElse("nobody"))
                        .map(Data::text)
                        .orElse("0")));
        server.start();
    }
}
