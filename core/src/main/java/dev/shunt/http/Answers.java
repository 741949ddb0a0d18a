package dev.shunt.http;

/** Where responses go: the engine of this process. */
@FunctionalInterface
public interface Answers {

    /**
     * Sends a part of a response; one that is not the first waits for room where it may.
     *
     * @param shared whether somebody else may answer the same request: then the first part waits to hear who did
     * @return false if it will not be sent: the client is gone, or, on an event loop, too much waits already
     * @throws IllegalStateException if the request has been answered, or is no longer waited for
     */
    boolean answer(HttpPart part, boolean shared);
}
