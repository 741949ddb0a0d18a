package dev.shunt.control;

import java.util.Map;

/**
 * One call of the API.
 *
 * @param path from {@code /api/v1} on, percent-encoded
 * @param query decoded
 * @param body JSON, or nothing
 * @param actor who asks, for the audit
 */
public record Asked(String method, String path, Map<String, String> query, byte[] body, String actor) {

    public static final String ROOT = "/api/v1";

    public static Asked get(String path) {
        return new Asked("GET", path, Map.of(), new byte[0], "program");
    }
}
