package dev.shunt.http;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import java.time.Duration;
import java.util.Optional;

/**
 * One event of {@code text/event-stream}, which a browser's {@code EventSource} reads.
 *
 * @param name which listener hears of it; empty for {@code onmessage}
 * @param id what the browser says in {@code Last-Event-ID} when it comes back
 * @param retry how long it waits before that
 * @param data text, or an object as JSON; may have several lines
 */
public record ServerSentEvent(String name, Optional<String> id, Optional<Duration> retry, Object data) {

    public ServerSentEvent {
        checkLine("name", name);
        Check.given("id", id).ifPresent(text -> checkLine("id", text));
        Check.given("data", data);
        retry = Check.given("retry", retry).map(time -> Check.notNegative("retry", time));
    }

    public ServerSentEvent(String name, Object data) {
        this(name, Optional.empty(), Optional.empty(), data);
    }

    public ServerSentEvent withId(String text) {
        return new ServerSentEvent(name, Optional.of(Check.given("id", text)), retry, data);
    }

    public ServerSentEvent withRetry(Duration time) {
        return new ServerSentEvent(name, id, Optional.of(Check.notNegative("retry", time)), data);
    }

    String encoded() {
        var text = new StringBuilder();
        if (!name.isEmpty()) {
            text.append("event: ").append(name).append('\n');
        }
        id.ifPresent(value -> text.append("id: ").append(value).append('\n'));
        retry.ifPresent(value -> text.append("retry: ").append(value.toMillis()).append('\n'));
        for (String line : Data.of(data).text().split("\r\n|\r|\n", -1)) {
            text.append("data: ").append(line).append('\n');
        }
        return text.append('\n').toString();
    }

    private static void checkLine(String what, String text) {
        if (Check.given(what, text).indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the " + what + " of an event has a line break; it is one line");
        }
    }
}
