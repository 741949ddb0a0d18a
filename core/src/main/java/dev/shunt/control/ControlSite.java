package dev.shunt.control;

import dev.shunt.http.HttpException;
import dev.shunt.http.Request;
import dev.shunt.http.Response;
import dev.shunt.log.Log;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/**
 * The API on a listener. A request is judged on the connection's loop, answered by other threads. Safe for use by any
 * thread.
 */
public final class ControlSite {

    private static final Logger LOG = Log.of(ControlSite.class);
    private static final Pattern ACTOR = Pattern.compile("[\\p{Graph} ]{1,100}");
    private static final int UNAUTHORIZED = 401;
    private static final int BUSY = 503;
    private static final int REDIRECT = 308;
    private static final String ACCESS = Asked.ROOT + "/access";

    /** Scripts, styles and answers of this address alone; in nobody's frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private final ControlApi api;
    private final EventStreams streams;
    private final AnsweringThreads threads;
    private final Access access;
    private final Optional<MetricsFormat.Source> metrics;

    /**
     * @param metrics empty without the module that has them
     */
    public ControlSite(
            ControlApi api,
            EventStreams streams,
            AnsweringThreads threads,
            Access access,
            Optional<MetricsFormat.Source> metrics) {
        this.metrics = metrics;
        this.api = api;
        this.streams = streams;
        this.threads = threads;
        this.access = access;
    }

    /** On the connection's loop. */
    public void handle(Request request, Response response) {
        try {
            String path = access.path(request);
            var problem = access.problem(request, path, api::actionsOf);
            var page = access.page(request, path);
            if (problem.isPresent()) {
                send(response, Answered.refused(problem.get()));
            } else if (path.isEmpty()) { // its links are relative to a directory
                head(response)
                        .status(REDIRECT)
                        .header("Location", access.prefix() + '/')
                        .end();
            } else if (page != null) {
                head(response).header("Content-Type", page.type()).end(page.content());
            } else if (path.equals(Access.METRICS)) {
                threads.looking().execute(() -> sendMetrics(request, response));
            } else if (EventStreams.isAt(path)) {
                streams.open(request, response);
            } else if (path.equals(ACCESS) && request.method().equals("GET")) {
                send(response, Answered.of(access.shown()));
            } else {
                var asked = asked(request, path);
                threads.of(asked.method()).execute(() -> send(response, api.answer(asked)));
            }
        } catch (ControlException e) {
            send(response, Answered.refused(e));
        } catch (HttpException e) {
            send(response, Answered.refused(e.status(), String.valueOf(e.getMessage())));
        } catch (RejectedExecutionException e) {
            send(response, Answered.refused(BUSY, "too much is asked at once, or the program has stopped; ask again"));
        }
    }

    private void sendMetrics(Request request, Response response) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            var problem = Map.of("error", Access.METRICS + " is to be looked at: use GET");
            send(response, new Answered(405, problem, Optional.of("GET, HEAD")));
            return;
        }
        if (metrics.isEmpty()) {
            send(response, Answered.refused(404, MetricsFormat.MISSING));
            return;
        }
        try {
            var page = metrics.get().page();
            head(response).header("Content-Type", page.type()).end(page.content());
        } catch (ControlException e) {
            send(response, Answered.refused(e));
        } catch (RuntimeException e) {
            LOG.error("{} could not be answered", Access.METRICS, e);
            send(response, Answered.refused(500, "an error of the metrics, which the program's log has: " + e));
        }
    }

    private Asked asked(Request request, String path) {
        return new Asked(request.method(), path, query(request), request.body().bytes(), actor(request));
    }

    /** Each once: of two filters neither is meant alone. */
    static Map<String, String> query(Request request) {
        var query = new HashMap<String, String>();
        request.query().forEach((name, values) -> {
            if (values.size() > 1) {
                throw ControlException.badRequest("parameter '" + name + "' is there " + values.size() + " times");
            }
            query.put(name, values.getFirst());
        });
        return Map.copyOf(query);
    }

    private String actor(Request request) {
        var known = access.user();
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
        if (answer.status() == UNAUTHORIZED) {
            response.header("WWW-Authenticate", "Basic realm=\"Shunt\", charset=\"UTF-8\"");
        }
        response.header("Content-Type", "application/json").end(answer.json());
    }

    static Response head(Response response) {
        return response.header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Content-Security-Policy", POLICY);
    }
}
