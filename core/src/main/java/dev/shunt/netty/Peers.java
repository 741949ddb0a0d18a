package dev.shunt.netty;

import dev.shunt.http.ClientAddress;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Endpoint.Inet;
import dev.shunt.net.Endpoint.Unix;
import dev.shunt.net.Peer;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Who is at the ends of a channel. */
final class Peers {

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Peers() {}

    /** @param endpoint where it was accepted, or what it is connected to */
    static Peer of(Channel channel, long connectionId, Endpoint endpoint) {
        var passed = ProxiedAddress.of(channel);
        if (passed == null && endpoint.address() instanceof Unix(var file)) {
            return new Peer(connectionId, "", 0, file.toString(), 0, certificate(channel));
        }
        SocketAddress remote = passed == null ? channel.remoteAddress() : passed.from();
        SocketAddress local = passed == null ? channel.localAddress() : passed.to();
        return new Peer(connectionId, host(remote), port(remote), host(local), port(local), certificate(channel));
    }

    /** In PEM; empty if there is none, or if it has proved nothing. */
    private static String certificate(Channel channel) {
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls == null || !asksForOne(tls.engine())) {
            return "";
        }
        try {
            byte[] der = tls.engine().getSession().getPeerCertificates()[0].getEncoded();
            return "-----BEGIN CERTIFICATE-----\n" + LINES.encodeToString(der) + "\n-----END CERTIFICATE-----\n";
        } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
            return "";
        }
    }

    private static boolean asksForOne(SSLEngine engine) {
        return engine.getUseClientMode() || engine.getWantClientAuth() || engine.getNeedClientAuth();
    }

    /** A peer not reached yet, as it was asked for. */
    static Peer expected(Endpoint endpoint, long connectionId) {
        return switch (endpoint.address()) {
            case Inet(var host, int port) -> new Peer(connectionId, host, port, "", 0);
            case Unix(var file) -> new Peer(connectionId, "", 0, file.toString(), 0);
        };
    }

    private static String host(SocketAddress address) {
        return address instanceof InetSocketAddress internet ? ClientAddress.text(internet.getAddress()) : "";
    }

    private static int port(SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }
}
