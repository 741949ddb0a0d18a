package dev.shunt.tests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates for tests, good for a hundred years: {@code server} and {@code other} for hosts, {@code client} for a device,
 * all signed by {@code ca}; {@code stranger} by itself.
 */
public final class TlsFiles {

    private static final char[] NO_PASSWORD = new char[0];

    private TlsFiles() {}

    static Path directory() {
        try {
            var found = Objects.requireNonNull(TlsFiles.class.getResource("tls/ca.pem"));
            return Objects.requireNonNull(Path.of(found.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Path file(String name) {
        return directory().resolve(name);
    }

    /** Of a client that trusts {@code ca}. */
    public static SSLContext context(@Nullable String own) throws IOException, GeneralSecurityException {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, NO_PASSWORD);
        trusted.setCertificateEntry("ca", certificate("ca.pem"));
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(own == null ? null : keys(own).getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyManagerFactory keys(String name) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file(name + ".key")).replaceAll("-----[A-Z ]+-----", "");
        var key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry(name, key, NO_PASSWORD, new Certificate[] {certificate(name + ".pem")});
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, NO_PASSWORD);
        return keys;
    }

    private static Certificate certificate(String name) throws IOException, GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file(name))));
    }
}
