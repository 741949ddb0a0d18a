package dev.shunt.calls;

import dev.shunt.http.Request;
import dev.shunt.http.Response;

/** Called for a request, whole, of a connection of HTTP. */
@FunctionalInterface
public interface RequestCallback {

    void on(Request request, Response response) throws Exception;
}
