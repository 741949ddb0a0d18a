package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.log.Log;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/** Reads certificates and keys; what cannot be read is said with the name of its file and what to do. */
final class PemFiles {

    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN ([A-Z ]*)PRIVATE KEY-----(.*?)-----END [A-Z ]*PRIVATE KEY-----", Pattern.DOTALL);

    private PemFiles() {}

    /** At least one, in the order of the file. */
    static X509Certificate[] certificates(Path file) throws IOException {
        try {
            var certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes(file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toArray(X509Certificate[]::new);
            if (certificates.length == 0) {
                throw new IOException(file + " has no certificate; it must be PEM (BEGIN CERTIFICATE)");
            }
            warnIfOver(file, certificates[0]);
            return certificates;
        } catch (CertificateException e) {
            throw new IOException(file + " is no file of certificates in PEM: " + e.getMessage(), e);
        }
    }

    /** That of the certificate. */
    static PrivateKey key(Path file, X509Certificate certificate) throws IOException {
        var pem = KEY.matcher(new String(bytes(file), ISO_8859_1));
        if (!pem.find()) {
            throw new IOException(file + " has no private key; it must be PEM (BEGIN PRIVATE KEY)");
        }
        if (!pem.group(1).isEmpty()) {
            throw new IOException(file + " has a key of the form 'BEGIN " + pem.group(1)
                    + "PRIVATE KEY', which is not read here; convert it: openssl pkcs8 -topk8 -nocrypt -in " + file);
        }
        try {
            var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(2)));
            var key = KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(encoded);
            if (isOf(key, certificate)) {
                return key;
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " has no key for its certificate: " + e.getMessage(), e);
        }
        throw new IOException(file + " is the key of another certificate");
    }

    private static boolean isOf(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "RSASSA-PSS" -> "";
            default -> key.getAlgorithm();
        };
        if (algorithm.isEmpty()) {
            return true; // its parameters decide how it signs
        }
        byte[] something = "something".getBytes(UTF_8);
        var signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(something);
        byte[] signed = signing.sign();
        var verifying = Signature.getInstance(algorithm);
        verifying.initVerify(certificate.getPublicKey());
        verifying.update(something);
        return verifying.verify(signed);
    }

    private static byte[] bytes(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void warnIfOver(Path file, X509Certificate certificate) {
        try {
            certificate.checkValidity();
        } catch (CertificateException e) {
            Log.of(PemFiles.class).warn("the certificate of {} is not valid now: {}", file, e.getMessage());
        }
    }
}
