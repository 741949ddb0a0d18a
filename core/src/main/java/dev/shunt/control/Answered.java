package dev.shunt.control;

import dev.shunt.data.Codec;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to one call.
 *
 * @param status of HTTP
 * @param body what becomes JSON
 * @param allow methods that there are, if another was used
 */
public record Answered(int status, Object body, Optional<String> allow) {

    static Answered of(Object body) {
        return new Answered(200, body, Optional.empty());
    }

    static Answered refused(ControlException problem) {
        return refused(problem.status(), String.valueOf(problem.getMessage()));
    }

    public static Answered refused(int status, String message) {
        return new Answered(status, Map.of("error", message), Optional.empty());
    }

    public Reply reply() {
        return new Reply(status, json());
    }

    public byte[] json() {
        return Codec.readableJson().encode(body);
    }
}
