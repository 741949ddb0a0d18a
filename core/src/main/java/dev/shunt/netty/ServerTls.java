package dev.shunt.netty;

import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.Tls;
import dev.shunt.netty.TlsContexts.Encryption;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.time.Duration;

/** Encryption of a listener, whose files may be read again: what is connected by then stays as it is. Any thread. */
final class ServerTls implements Encryption {

    private final Tls.Server tls;
    private final ApplicationProtocol spoken;
    private final Duration handshake;
    private volatile Encryption current;

    /** @throws IOException if a file cannot be used; names it and what to do */
    ServerTls(Tls.Server tls, ApplicationProtocol spoken, Duration handshake) throws IOException {
        this.tls = tls;
        this.spoken = spoken;
        this.handshake = handshake;
        current = TlsContexts.of(tls, spoken, handshake);
    }

    /** As the constructor; what was read before stays in use if it throws. */
    void readAgain() throws IOException {
        current = TlsContexts.of(tls, spoken, handshake);
    }

    @Override
    public ChannelHandler handler(Channel channel) {
        return current.handler(channel);
    }
}
