package dev.shunt.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Mapping;
import java.time.Duration;

/** Makes way for the encryption of the host that a client asks for (SNI). */
final class HostNames extends SniHandler {

    private static final int MAX_HELLO_BYTES = 64 << 10;

    private final Duration handshake;

    HostNames(Mapping<? super String, ? extends SslContext> contexts, Duration handshake) {
        super(contexts, MAX_HELLO_BYTES, handshake.toMillis());
        this.handshake = handshake;
    }

    @Override
    protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
        return TlsContexts.patient(super.newSslHandler(context, allocator), handshake);
    }
}
