package dev.shunt.plan;

import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Limits;
import dev.shunt.net.ListenOptions;

/** Where the program listens, what is spoken there, and which group's slots run the handlers. */
public record Listener(
        Endpoint endpoint,
        ApplicationProtocol protocol,
        Limits limits,
        ListenOptions options,
        String group,
        ConnectionHandlers handlers) {}
