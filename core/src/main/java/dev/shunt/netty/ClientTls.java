package dev.shunt.netty;

import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Endpoint.Inet;
import dev.shunt.net.Tls;
import dev.shunt.netty.TlsContexts.Encryption;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Encryption of outgoing connections; to read whom the JDK trusts takes longer than a handshake, and is done once. */
final class ClientTls {

    /** Settings that are made anew for each connection are a mistake, but no leak. */
    private static final int MAX_KEPT = 64;

    private final Map<Kind, SslContext> contexts = new ConcurrentHashMap<>();

    private record Kind(Tls.Client tls, boolean http) {}

    /** Not on a loop's thread. @throws IOException if a file cannot be used; names it and what to do */
    Encryption to(Endpoint server, Tls.Client tls, ApplicationProtocol spoken) throws IOException {
        var kind = new Kind(tls, spoken.beginsWithHttp());
        SslContext context = contexts.get(kind);
        if (context == null) {
            context = TlsContexts.client(tls, spoken);
            if (contexts.size() >= MAX_KEPT) {
                contexts.clear();
            }
            contexts.put(kind, context);
        }
        SslContext known = context;
        int port = server.address() instanceof Inet inet ? inet.port() : 0;
        String name = tls.serverName().orElse(server.address() instanceof Inet inet ? inet.host() : "localhost");
        return channel -> known.newHandler(channel.alloc(), name, port);
    }

    /** Files are read again by whoever connects next. */
    void forgetFiles() {
        contexts.clear();
    }
}
