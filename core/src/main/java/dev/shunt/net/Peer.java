package dev.shunt.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Who is at the other end of a connection, as known everywhere a handler may run.
 *
 * @param connectionId unique for the life of the manager; Swoole's {@code fd}
 * @param remoteHost numeric address; empty on a Unix socket
 * @param localHost numeric address, or the file of a Unix socket
 * @param pem the certificate that it has proved to be its own; empty if it gave none
 */
public record Peer(long connectionId, String remoteHost, int remotePort, String localHost, int localPort, String pem) {

    public Peer(long connectionId, String remoteHost, int remotePort, String localHost, int localPort) {
        this(connectionId, remoteHost, remotePort, localHost, localPort, "");
    }

    /** {@code HOST:PORT} of the other end; {@code unix:FILE} on a Unix socket, whose other end has no address. */
    public String remoteAddress() {
        if (remoteHost.isEmpty()) {
            return "unix:" + localHost;
        }
        return (remoteHost.indexOf(':') < 0 ? remoteHost : "[" + remoteHost + "]") + ":" + remotePort;
    }

    /** {@code HOST:PORT} of this end; {@code unix:FILE} on a Unix socket. */
    public String localAddress() {
        if (remoteHost.isEmpty()) {
            return "unix:" + localHost;
        }
        return (localHost.indexOf(':') < 0 ? localHost : "[" + localHost + "]") + ":" + localPort;
    }

    /** That of {@link #pem}, which the authorities of this end's {@link Tls} have signed. */
    public Optional<X509Certificate> certificate() {
        if (pem.isEmpty()) {
            return Optional.empty();
        }
        try {
            var factory = CertificateFactory.getInstance("X.509");
            return Optional.of(
                    (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII))));
        } catch (CertificateException e) {
            throw new IllegalStateException("the certificate of " + remoteAddress() + " cannot be read", e);
        }
    }
}
