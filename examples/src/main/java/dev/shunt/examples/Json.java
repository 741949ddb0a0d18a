package dev.shunt.examples;

import dev.shunt.data.Data;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** JSON from someone who may send anything. */
public final class Json {

    private Json() {}

    /** Throws {@link IllegalArgumentException} with what is wrong with it. */
    static JsonNode parse(Data data) {
        try {
            return data.as(JsonNode.class);
        } catch (IllegalArgumentException e) {
            String reason =
                    e.getCause() instanceof JacksonException cause
                            ? cause.getOriginalMessage()
                            : e.getMessage();
            throw new IllegalArgumentException("malformed JSON: " + reason, e);
        }
    }

    /** The JSON, or a missing node if it is none. */
    public static JsonNode read(Data data) {
        try {
            return parse(data);
        } catch (IllegalArgumentException _) {
            return MissingNode.getInstance();
        }
    }
}
