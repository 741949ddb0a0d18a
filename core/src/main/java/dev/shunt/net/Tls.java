package dev.shunt.net;

import dev.shunt.check.Check;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * How connections are encrypted, by the JDK's own TLS: 1.3 and 1.2 with its ciphers unless something else is said. Immutable.
 * Files are PEM; they are read when the program starts, and by a listener again at each {@code reload()}.
 */
public sealed interface Tls {

    /**
     * Of a listener.
     *
     * @param chain the certificate, then those that sign it, up to one that clients know
     * @param key PKCS#8, unencrypted ({@code BEGIN PRIVATE KEY})
     */
    static Server server(Path chain, Path key) {
        return new Server(new Keys.Files(chain, key), Map.of(), Clients.ANY, Optional.empty(), Cryptography.DEFAULT);
    }

    /** As {@link #server(Path, Path)}, with a context that the program makes, again at each {@code reload()}. */
    static Server server(Supplier<SSLContext> context) {
        return new Server(
                new Keys.Prepared(Check.given("server", context)),
                Map.of(),
                Clients.ANY,
                Optional.empty(),
                Cryptography.DEFAULT);
    }

    /** Of an outgoing connection: trusts whom the JDK trusts, and that the server is whom its address names. */
    static Client client() {
        return new Client(Optional.empty(), Optional.empty(), Optional.empty(), true, Cryptography.DEFAULT);
    }

    /** What proves who this end is. */
    sealed interface Keys {

        record Files(Path chain, Path key) implements Keys {

            public Files {
                Check.path("the certificate", chain);
                Check.path("the key", key);
            }
        }

        record Prepared(Supplier<SSLContext> context) implements Keys {

            /** A lambda's name is another in every process. */
            @Override
            public String toString() {
                return "a context of the program's";
            }
        }
    }

    /** Which certificate clients of a listener give. */
    enum Clients {
        ANY,
        ASKED,
        REQUIRED
    }

    /** @param ciphers by their names in the JDK; empty for its own choice */
    record Cryptography(List<String> protocols, List<String> ciphers) {

        static final Cryptography DEFAULT = new Cryptography(List.of("TLSv1.3", "TLSv1.2"), List.of());

        public Cryptography {
            protocols = Check.all("protocols", protocols);
            ciphers = Check.all("ciphers", ciphers);
            if (protocols.isEmpty()) {
                throw new IllegalArgumentException("no version of TLS; give TLSv1.3, TLSv1.2 or both");
            }
        }
    }

    /**
     * See {@link Tls#server}.
     *
     * @param others certificates for the host names that clients ask for (SNI), in the order in which they were given
     * @param authorities who signs certificates of clients
     */
    record Server(
            Keys keys, Map<String, Keys> others, Clients clients, Optional<Path> authorities, Cryptography cryptography)
            implements Tls {

        private static final Pattern HOST = Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

        public Server {
            others = Map.copyOf(new TreeMap<>(others));
        }

        /** Another certificate for clients that ask for this host, such as {@code example.org} or {@code *.example.org}. */
        public Server host(String name, Path chain, Path key) {
            if (!HOST.matcher(Check.given("host", name)).matches()) {
                throw new IllegalArgumentException(
                        "'" + name + "' is no host name; write example.org, or *.example.org for those below it");
            }
            var all = new LinkedHashMap<>(others);
            all.put(name, new Keys.Files(chain, key));
            return new Server(keys, all, clients, authorities, cryptography);
        }

        /** Clients must give a certificate that one of these authorities has signed; see {@link Peer#certificate}. */
        public Server requireClientCertificate(Path trusted) {
            return new Server(
                    keys,
                    others,
                    Clients.REQUIRED,
                    Optional.of(Check.path("requireClientCertificate", trusted)),
                    cryptography);
        }

        /** As {@link #requireClientCertificate}, of those who have one. */
        public Server askForClientCertificate(Path trusted) {
            return new Server(
                    keys,
                    others,
                    Clients.ASKED,
                    Optional.of(Check.path("askForClientCertificate", trusted)),
                    cryptography);
        }

        /** Default: TLSv1.3 and TLSv1.2. */
        public Server protocols(String... names) {
            return new Server(
                    keys,
                    others,
                    clients,
                    authorities,
                    new Cryptography(Check.all("protocols", names), cryptography.ciphers()));
        }

        /** By the JDK's names, the preferred first. Default: the JDK's choice. */
        public Server ciphers(String... names) {
            return new Server(
                    keys,
                    others,
                    clients,
                    authorities,
                    new Cryptography(cryptography.protocols(), Check.all("ciphers", names)));
        }

        /** In the shape of a plan, the same in every process. */
        @Override
        public String toString() {
            return "TLS " + keys + (others.isEmpty() ? "" : " " + new TreeMap<>(others)) + " " + clients
                    + authorities.map(file -> " of " + file).orElse("") + " " + cryptography.protocols()
                    + cryptography.ciphers();
        }
    }

    /**
     * See {@link Tls#client}.
     *
     * @param authorities whom it trusts instead of those whom the JDK trusts
     * @param serverName instead of the host of the address
     * @param verified whether the server must prove who it is
     */
    record Client(
            Optional<Keys> keys,
            Optional<Path> authorities,
            Optional<String> serverName,
            boolean verified,
            Cryptography cryptography)
            implements Tls {

        /** Trusts servers whose certificates these have signed, and no other. */
        public Client trust(Path trusted) {
            return new Client(keys, Optional.of(Check.path("trust", trusted)), serverName, verified, cryptography);
        }

        /** The certificate of this end, for servers that ask for one; as of {@link Tls#server(Path, Path)}. */
        public Client certificate(Path chain, Path key) {
            return new Client(Optional.of(new Keys.Files(chain, key)), authorities, serverName, verified, cryptography);
        }

        /** The name that the server's certificate must have, and that it is asked for (SNI). Default: the address's host. */
        public Client serverName(String name) {
            return new Client(keys, authorities, Optional.of(Check.name("serverName", name)), verified, cryptography);
        }

        /** Any server is believed, whoever it is: for tests only. */
        public Client withoutVerification() {
            return new Client(keys, authorities, serverName, false, cryptography);
        }

        /** Default: TLSv1.3 and TLSv1.2. */
        public Client protocols(String... names) {
            return new Client(
                    keys,
                    authorities,
                    serverName,
                    verified,
                    new Cryptography(Check.all("protocols", names), cryptography.ciphers()));
        }
    }
}
