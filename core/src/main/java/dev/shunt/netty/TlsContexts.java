package dev.shunt.netty;

import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Tls;
import dev.shunt.net.Tls.Cryptography;
import dev.shunt.net.Tls.Keys;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.DomainWildcardMappingBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Makes of a {@link Tls} what Netty encrypts with. Reads files, so not on a loop's thread. */
final class TlsContexts {

    private TlsContexts() {}

    /** Encrypts a channel that it is asked for. */
    interface Encryption {

        /** The handler to stand in front of all others. */
        ChannelHandler handler(Channel channel);
    }

    /** @throws IOException if a file cannot be used; names it and what to do */
    static Encryption of(Tls.Server tls, ApplicationProtocol spoken, Duration handshake) throws IOException {
        SslContext own = server(tls, tls.keys(), spoken);
        if (tls.others().isEmpty()) {
            return channel -> patient(own.newHandler(channel.alloc()), handshake);
        }
        var mapping = new DomainWildcardMappingBuilder<>(own);
        for (var other : tls.others().entrySet()) {
            mapping.add(other.getKey(), server(tls, other.getValue(), spoken));
        }
        var byName = mapping.build();
        return _ -> new HostNames(byName, handshake);
    }

    /** @throws IOException if a file cannot be used; names it and what to do */
    static SslContext client(Tls.Client tls, ApplicationProtocol spoken) throws IOException {
        var builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm(tls.verified() ? "HTTPS" : null);
        if (tls.keys().isPresent()) {
            switch (tls.keys().get()) {
                case Keys.Files(var chain, var key) -> {
                    var certificates = PemFiles.certificates(chain);
                    builder.keyManager(PemFiles.key(key, certificates[0]), certificates);
                }
                case Keys.Prepared _ -> throw new IllegalStateException("no client is made with a prepared context");
            }
        }
        if (!tls.verified()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (tls.authorities().isPresent()) {
            builder.trustManager(PemFiles.certificates(tls.authorities().get()));
        }
        return built(builder, tls.cryptography(), spoken);
    }

    private static SslContext server(Tls.Server tls, Keys keys, ApplicationProtocol spoken) throws IOException {
        ClientAuth clients = switch (tls.clients()) {
            case ANY -> ClientAuth.NONE;
            case ASKED -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
        return switch (keys) {
            case Keys.Files(var chain, var key) -> {
                var certificates = PemFiles.certificates(chain);
                var builder = SslContextBuilder.forServer(PemFiles.key(key, certificates[0]), certificates)
                        .clientAuth(clients);
                if (tls.authorities().isPresent()) {
                    builder.trustManager(PemFiles.certificates(tls.authorities().get()));
                }
                yield built(builder, tls.cryptography(), spoken);
            }
            case Keys.Prepared(var context) ->
                new JdkSslContext(
                        prepared(context),
                        false,
                        tls.cryptography().ciphers().isEmpty()
                                ? null
                                : tls.cryptography().ciphers(),
                        IdentityCipherSuiteFilter.INSTANCE,
                        negotiated(spoken),
                        clients,
                        tls.cryptography().protocols().toArray(String[]::new),
                        false);
        };
    }

    private static SSLContext prepared(Supplier<SSLContext> context) throws IOException {
        SSLContext made;
        try {
            made = context.get();
        } catch (RuntimeException e) {
            throw new IOException("the context of Tls.server(() -> ...) cannot be had: " + e, e);
        }
        if (made == null) {
            throw new IOException("the context of Tls.server(() -> ...) is null; return one that has been initialized");
        }
        return made;
    }

    private static SslContext built(SslContextBuilder builder, Cryptography cryptography, ApplicationProtocol spoken)
            throws IOException {
        builder.sslProvider(SslProvider.JDK)
                .protocols(cryptography.protocols())
                .applicationProtocolConfig(negotiated(spoken));
        if (!cryptography.ciphers().isEmpty()) {
            builder.ciphers(cryptography.ciphers());
        }
        try {
            var context = builder.build();
            context.newEngine(UnpooledByteBufAllocator.DEFAULT); // throws of what it does not know only here
            return context;
        } catch (IllegalArgumentException e) { // a version or a cipher that the JDK does not have
            throw new IOException(
                    "TLS with " + cryptography.protocols() + cryptography.ciphers() + ": " + e.getMessage(), e);
        }
    }

    /** Browsers are told that only HTTP/1.1 is spoken; other streams have no names. */
    private static ApplicationProtocolConfig negotiated(ApplicationProtocol spoken) {
        return spoken.beginsWithHttp()
                ? new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        "http/1.1")
                : ApplicationProtocolConfig.DISABLED;
    }

    static SslHandler patient(SslHandler handler, Duration handshake) {
        handler.setHandshakeTimeoutMillis(handshake.toMillis());
        return handler;
    }
}
