package dev.shunt.control;

import dev.shunt.http.Request;
import dev.shunt.http.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The API on a listener. A request is judged on the connection's loop, answered by other threads. Safe for use by any
 * thread.
 */
public final class ControlSite {

    private static final Pattern ACTOR = Pattern.compile("[\\p{Graph} ]{1,100}");
    private static final int BUSY = 503;

    private final ControlApi api;
    private final EventStreams streams;
    private final Executor threads;
    private final Access access;

    /**
     * Who may ask what here.
     *
     * @param may why a request is refused, if it is: credentials, an action where one may only read
     * @param actor who asks, where that is known better than by what a header says
     */
    public record Access(
            CrossOrigin origins,
            Function<Request, Optional<ControlException>> may,
            Function<Request, Optional<String>> actor) {

        /** Whoever comes to it may do everything. */
        public static final Access OF_OWNER =
                new Access(CrossOrigin.OF_SOCKET, _ -> Optional.empty(), _ -> Optional.empty());
    }

    /** @param threads where answers may wait; refuses what is too much */
    public ControlSite(ControlApi api, EventStreams streams, Executor threads, Access access) {
        this.api = api;
        this.streams = streams;
        this.threads = threads;
        this.access = access;
    }

    /** On the connection's loop. */
    public void handle(Request request, Response response) {
        try {
            var problem = access.origins().problem(request).or(() -> access.may().apply(request));
            if (problem.isPresent()) {
                send(response, Answered.refused(problem.get()));
            } else if (EventStreams.isAskedBy(request)) {
                streams.open(request, response);
            } else {
                var asked = asked(request);
                threads.execute(() -> send(response, api.answer(asked)));
            }
        } catch (ControlException e) {
            send(response, Answered.refused(e));
        } catch (RejectedExecutionException e) {
            send(response, Answered.refused(BUSY, "too much is asked at once, or the program has stopped; ask again"));
        }
    }

    private Asked asked(Request request) {
        var query = new HashMap<String, String>();
        request.query().forEach((name, values) -> query.put(name, values.getFirst()));
        return new Asked(
                request.method(), Request.rawPath(request.uri()), Map.copyOf(query), request.body().bytes(), actor(request));
    }

    private String actor(Request request) {
        var known = access.actor().apply(request);
        if (known.isPresent()) {
            return known.get();
        }
        String said = request.header("x-shunt-actor").orElse("local");
        if (!ACTOR.matcher(said).matches()) {
            throw ControlException.badRequest("X-Shunt-Actor is a name of 1 to 100 printable characters");
        }
        return said;
    }

    static void send(Response response, Answered answer) {
        head(response).status(answer.status());
        answer.allow().ifPresent(methods -> response.header("Allow", methods));
        response.header("Content-Type", "application/json").end(answer.json());
    }

    static Response head(Response response) {
        return response.header("Cache-Control", "no-store").header("X-Content-Type-Options", "nosniff");
    }
}
