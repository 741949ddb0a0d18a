package dev.shunt.control;

import dev.shunt.data.Codec;

/**
 * An answer as it travels.
 *
 * @param status of HTTP
 * @param json a document
 */
public record Reply(int status, byte[] json) {

    private record Problem(String error) {}

    /** @throws ControlException if there is none, with what the program said */
    public <T> T as(Class<T> type) {
        if (status >= 400) {
            throw new ControlException(
                    status, Codec.readableJson().decode(json, Problem.class).error());
        }
        return Codec.readableJson().decode(json, type);
    }
}
