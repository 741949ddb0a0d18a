package dev.shunt.control;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.http.ServerSentEvent;
import dev.shunt.timer.Loop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The streams of {@code /events}: each hears of the program every so often, and of every action. Read once for all that
 * are due. Lives on a loop that is not the program's.
 */
public final class EventStreams {

    private static final String PATH = Asked.ROOT + "/events";
    private static final int MAX = 32;
    private static final int MAX_INTERVAL = 60;
    private static final Duration TICK = Duration.ofSeconds(1);

    private final ControlApi api;
    private final Loop loop;
    private final Executor threads;

    /** By request. */
    private final Map<Long, Stream> open = new LinkedHashMap<>();

    private boolean ticking;

    /** A question has no answer yet. */
    private boolean asking;

    /** How often the clock has ticked since the program last said how it is. */
    private int silent;

    private static final class Stream {
        private final Response response;
        private final long connection;
        private final int interval;
        private int left;

        private Stream(Response response, long connection, int interval) {
            this.response = response;
            this.connection = connection;
            this.interval = interval;
        }
    }

    @SuppressWarnings("exports") // made by the engine
    public EventStreams(ControlApi api, Loop loop, Executor threads) {
        this.api = api;
        this.loop = loop;
        this.threads = threads;
        var _ = api.audit().listen(entry -> onLoop(() -> sendAll("audit", json(entry))));
    }

    static boolean isAt(String path) {
        return path.equals(PATH);
    }

    /** From any loop. */
    void open(Request request, Response response) {
        if (!request.method().equals("GET")) {
            throw new ControlException(405, PATH + " is a stream to be read: use GET");
        }
        var query = ControlSite.query(request);
        if (!Set.of("interval").containsAll(query.keySet())) {
            throw ControlException.badRequest("unknown " + query.keySet() + "; there is [interval]");
        }
        int interval = interval(query.getOrDefault("interval", "1"));
        onLoop(() -> {
            if (open.size() >= MAX) {
                ControlSite.send(
                        response,
                        Answered.refused(503, MAX + " streams are open already; close one, or ask for /status"));
                return;
            }
            ControlSite.head(response).header("X-Accel-Buffering", "no");
            open.put(request.id(), new Stream(response, request.connectionId(), interval));
            tickNow();
        });
    }

    private static int interval(String text) {
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= 1 && seconds <= MAX_INTERVAL) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ControlException.badRequest("interval '" + text + "'; give 1 to " + MAX_INTERVAL + " seconds");
    }

    /** From any loop. */
    public void closed(long connection) {
        onLoop(() -> open.values().removeIf(stream -> stream.connection == connection));
    }

    /** For whoever has just come, and then for all, each second. */
    private void tickNow() {
        if (!ticking) {
            ticking = true;
            silent = 0;
            tick();
        } else {
            sendDue();
        }
    }

    private void tick() {
        if (open.isEmpty()) {
            ticking = false;
            return;
        }
        sendDue();
        if (++silent > 1) { // asked a second ago
            sendAll("problem", json(Map.of("error", "the main loop has not answered for " + (silent - 1) + " s")));
        }
        open.values().forEach(stream -> stream.left--);
        var _ = loop.schedule(this::tick, TICK);
    }

    /** Asks, unless somebody has and waits for the answer. */
    private void sendDue() {
        if (asking) {
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    var answer = api.answer(Asked.get(Asked.ROOT + "/status"));
                    String name = answer.status() == 200 ? "status" : "problem";
                    String json = new String(answer.json(), StandardCharsets.UTF_8);
                    onLoop(() -> answered(name, json));
                } catch (RuntimeException | Error e) { // no memory for it, for one; the next tick asks again
                    onLoop(() -> asking = false);
                    throw e;
                }
            });
            asking = true;
        } catch (RejectedExecutionException e) {
            // the next tick asks again
        }
    }

    private void answered(String name, String json) {
        asking = false;
        silent = name.equals("status") ? 0 : silent;
        open.values().stream().filter(stream -> stream.left <= 0).toList().forEach(stream -> {
            stream.left = stream.interval;
            send(stream, name, json);
        });
    }

    private void sendAll(String name, String json) {
        open.values().forEach(stream -> send(stream, name, json));
    }

    /** Who reads too slowly misses some. */
    private static void send(Stream stream, String name, String json) {
        var _ = stream.response.event(new ServerSentEvent(name, Data.of(json)));
    }

    private static String json(Object value) {
        return new String(Codec.readableJson().encode(value), StandardCharsets.UTF_8);
    }

    private void onLoop(Runnable action) {
        try {
            loop.execute(action);
        } catch (RejectedExecutionException e) {
            // the loop has ended, and its connections with it
        }
    }
}
