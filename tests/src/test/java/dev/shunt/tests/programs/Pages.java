package dev.shunt.tests.programs;

import dev.shunt.http.Cookie;
import dev.shunt.http.HttpException;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** A web page that uses what a browser has: the same on two ports, so that each is the other's foreign origin. */
public final class Pages {

    private static final String PAGE = """
            <!doctype html>
            <meta charset="utf-8">
            <title>Pages</title>
            <h1 id="who">WHO</h1>
            <p id="fetched"></p>
            <ol id="events"></ol>
            <ol id="heard"></ol>
            <form method="post" action="/upload" enctype="multipart/form-data">
              <input name="note" value="für dich">
              <input type="file" name="file">
              <button>send</button>
            </form>
            <script>
              const put = (id, text) => document.getElementById(id).append(text);
              const item = (id, text) => {
                const li = document.createElement('li');
                li.append(text);
                document.getElementById(id).append(li);
              };
              async function ask() {
                const answer = await fetch('/echo', {method: 'POST', body: 'grüße'});
                put('fetched', answer.status + ' ' + await answer.text());
              }
              function watch() {
                const source = new EventSource('/progress?steps=3');
                source.addEventListener('progress', event => item('events', event.data));
                source.addEventListener('done', event => { source.close(); item('events', 'done'); });
              }
              let socket;
              function talk(host) {
                socket = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + host + '/talk', 'chat.v1');
                socket.onmessage = event => item('heard', event.data);
                socket.onclose = event => item('heard', 'closed ' + event.code + ' ' + event.reason);
              }
            </script>
            """;

    private final Server server = new Server("127.0.0.1", 0);

    private Pages() {}

    static void main(String[] args) {
        new Pages().run(Options.of(args));
    }

    private void run(Options options) {
        var protocol = HttpProtocol.DEFAULT.withMaxBody(100 << 20);
        server.set(
                settings -> settings.protocol(protocol).placement(options.placement("placement", Placement.CHILDREN)));
        server.onRequest(this::request);
        server.onHandshake((request, handshake) -> {
            if (request.cookie("id").orElse("nobody").equals("banned")) {
                handshake.refuse(401, "not you");
            }
            handshake.subprotocol("chat.v1");
        });
        server.onOpen((connection, request) ->
                connection.send("welcome " + request.cookie("id").orElse("nobody")));
        server.onMessage((connection, text) -> {
            if (text.text().equals("bye")) {
                connection.close(4001, "as you wish");
            } else {
                connection.send("you said " + text.text());
            }
        });
        var other = server.listen("127.0.0.1", 0).set(settings -> settings.protocol(HttpProtocol.DEFAULT));
        other.onRequest(this::request);
        server.onStart(() -> {
            IO.println("listening on " + server.endpoint().hostAndPort());
            IO.println("listening on " + other.endpoint().hostAndPort());
        });
        server.start();
    }

    private void request(Request request, Response response) throws IOException {
        switch (request.method() + " " + request.path()) {
            case "GET /" -> {
                request.query("id").ifPresent(id -> response.cookie(new Cookie("id", id)));
                String who = request.cookie("id").orElse("nobody");
                response.header("Content-Type", "text/html; charset=utf-8").end(PAGE.replace("WHO", who));
            }
            case "POST /echo" -> response.end(request.body());
            case "GET /progress" ->
                progress(response, 1, Integer.parseInt(request.query("steps").orElseThrow()));
            case "POST /upload" -> upload(request, response);
            default -> throw new HttpException(404, "there is no " + request.path());
        }
    }

    private void progress(Response response, int step, int steps) {
        if (step > steps) {
            response.event("done", "");
            response.end();
        } else {
            response.event("progress", String.valueOf(step));
            server.after(Duration.ofMillis(20), () -> progress(response, step + 1, steps));
        }
    }

    private static void upload(Request request, Response response) throws IOException {
        var file = request.file("file").orElseThrow(() -> new HttpException(400, "no file"));
        response.json(Map.of(
                "name", file.fileName(),
                "size", file.size(),
                "note", request.form("note").orElse("")));
    }
}
