package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Gate;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.testing.Signals;
import dev.shunt.tests.programs.Doors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a client comes in by, handlers are told the same, in both faces and wherever they run. */
@Tag("processes")
@TestMethodOrder(OrderAnnotation.class)
@ParameterizedClass
@EnumSource
class EndpointContractTest {

    private static final int LAST = Integer.MAX_VALUE;

    /** Which face, and where its handlers run. */
    enum Where {
        SERVER_EVENT_LOOP("--face server --placement event_loop"),
        SERVER_IN_PROCESS("--face server --placement in_process"),
        SERVER_CHILDREN("--face server --placement children"),
        WORKER_EVENT_LOOP("--face worker --placement event_loop"),
        WORKER_CHILDREN("--face worker --placement children"),
        WORKER_SOCKETS_IN_CHILD("--face worker --placement children --sockets in_child");

        private final String arguments;

        Where(String arguments) {
            this.arguments = arguments;
        }

        boolean hasSlots() {
            return !arguments.endsWith("event_loop");
        }
    }

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    @SuppressWarnings("NullAway.Init")
    private static Path socket;

    /** Of this run: its files are changed. */
    @SuppressWarnings("NullAway.Init")
    private static Path tls;

    private static final Gate gate = new Gate();

    private final Where where;

    EndpointContractTest(Where where) {
        this.where = where;
    }

    @AfterAll
    static void close() {
        gate.close();
    }

    @BeforeParameterizedClassInvocation
    static void start(Where where) throws IOException {
        socket = directory.resolve(where + ".sock");
        tls = Files.createDirectory(directory.resolve("tls-" + where));
        try (var files = Files.list(TlsFiles.directory())) {
            for (var file : files.toList()) {
                Files.copy(file, tls.resolve(file.getFileName()));
            }
        }
        String arguments = where.arguments + " --gate " + gate.port() + " --socket " + socket + " --tls " + tls;
        program = programs.start(Doors.class, (Object[]) arguments.split(" ", -1));
        program.port(5);
    }

    private static int encrypted() {
        return program.port(1);
    }

    private static StreamClient encrypted(@Nullable String own) throws IOException, GeneralSecurityException {
        return StreamClient.of(StreamClient.handshake(encrypted(), TlsFiles.context(own), "localhost"));
    }

    private static String serverName(String host) throws IOException, GeneralSecurityException {
        try (var client = StreamClient.handshake(encrypted(), TlsFiles.context(null), host)) {
            var certificate = (X509Certificate) client.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }

    @Test
    void unixSocket_isSpokenTo_andItsPeerHasNoAddress() {
        try (var client = StreamClient.unix(socket)) {
            assertThat(client.ask("echo one")).isEqualTo("one");
            assertThat(client.ask("who")).isEqualTo("unix:" + socket + " nobody");
        }
        program.awaitLine("^closed unix:" + socket + "$");
    }

    @Test
    void unixSocket_hasItsMode_andLeavesNothingElse() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void otherPort_hasItsOwnCallbacksAndSettings() {
        try (var client = new RawClient(program.port(2))) {
            client.send("one;t".getBytes(UTF_8)).send("wo;".getBytes(UTF_8));
            assertThat(client.read(8)).isEqualTo("ONE;TWO;".getBytes(UTF_8));
            client.send("x".repeat(101).getBytes(UTF_8));
            assertThat(client.awaitClose()).isEmpty();
        }
    }

    @Test
    void encrypted_messagesOfAnySize_inBothDirections() throws Exception {
        try (var client = encrypted(null)) {
            assertThat(client.ask("echo attività €")).isEqualTo("attività €");
            assertThat(client.ask("echo " + "y".repeat(300_000))).isEqualTo("y".repeat(300_000));
            assertThat(client.ask("blob 900000")).isEqualTo("x".repeat(900_000));
            assertThat(client.ask("who")).endsWith(" nobody");
        }
    }

    @Test
    void certificateOfAClient_isSeenByHandlers() throws Exception {
        try (var client = encrypted("client")) {
            assertThat(client.ask("who")).endsWith(" CN=device-7");
        }
    }

    @Test
    void certificateThatNobodyKnows_isNotLetIn() throws Exception {
        assertThat(openssl(
                        "who",
                        "-cert",
                        TlsFiles.file("stranger.pem").toString(),
                        "-key",
                        TlsFiles.file("stranger.key").toString()))
                .noneMatch(line -> line.contains("127.0.0.1"));
    }

    @Test
    void hostName_choosesTheCertificate() throws Exception {
        assertThat(serverName("localhost")).isEqualTo("CN=localhost");
        assertThat(serverName("other.test")).isEqualTo("CN=other.test");
    }

    @Test
    void plainTextOnAnEncryptedPort_isClosed_andNobodyElse() throws Exception {
        try (var other = encrypted(null);
                var client = new RawClient(encrypted())) {
            client.send("echo hello\n".getBytes(UTF_8));
            client.awaitClose();
            assertThat(other.ask("echo on")).isEqualTo("on");
        }
    }

    @Test
    void openssl_sClient_isAnswered() throws Exception {
        assertThat(openssl("echo by openssl")).contains("by openssl");
    }

    /** What it says until it is answered with a word of the line, or closed. */
    private static List<String> openssl(String line, String... options) throws Exception {
        var command = new ArrayList<>(List.of("openssl", "s_client", "-quiet", "-verify_return_error"));
        command.addAll(List.of("-CAfile", TlsFiles.file("ca.pem").toString()));
        command.addAll(List.of("-connect", "127.0.0.1:" + encrypted()));
        command.addAll(List.of(options));
        var client = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new ArrayList<String>();
        try (var out = client.outputWriter();
                var in = client.inputReader()) {
            out.write(line + "\n");
            out.flush();
            for (String next = in.readLine(); next != null; next = in.readLine()) {
                said.add(next);
                if (next.contains("by openssl")) {
                    break;
                }
            }
            return said;
        } finally {
            client.destroy();
            assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void outgoing_overAUnixSocket() {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("dial text://" + socket)).isEqualTo("answered unix:" + socket + " nobody");
        }
    }

    @Test
    void outgoing_encrypted_knowsWhomItTrusts() {
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("dial secret://localhost:" + encrypted())).matches("answered 127.0.0.1:\\d+ nobody");
            assertThat(client.ask("dial ssl://127.0.0.1:" + encrypted())).matches("answered 127.0.0.1:\\d+ nobody");
            assertThat(client.ask("dial-known secret://localhost:" + encrypted()))
                    .endsWith(" CN=device-7");
            assertThat(client.ask("dial-untrusted secret://localhost:" + encrypted()))
                    .matches("error 1 cannot connect to secret://localhost:\\d+: the TLS handshake failed: .*");
        }
    }

    private static String header(String address) {
        return "PROXY TCP4 " + address + " 192.0.2.1 5555 80\r\n";
    }

    private static LineClient passedOn(String address) {
        return passedOn(address, "");
    }

    /** All at once: who is not let in may be closed before it could say more. */
    private static LineClient passedOn(String address, String lines) {
        var client = new LineClient(program.port(3));
        client.raw().send((header(address) + lines).getBytes(UTF_8));
        return client;
    }

    @Test
    void proxied_addressIsWhatTheHeaderSays() {
        try (var client = passedOn("203.0.113.7")) {
            assertThat(client.ask("who")).isEqualTo("203.0.113.7:5555 nobody");
        }
        try (var client = new LineClient(program.port(3))) {
            byte[] second = HexFormat.of()
                    .parseHex("0d0a0d0a000d0a515549540a" + "2111000c" + "cb007109" + "c0000201" + "15b3" + "0050");
            client.raw().send(second);
            assertThat(client.ask("who")).isEqualTo("203.0.113.9:5555 nobody");
        }
    }

    @Test
    void proxied_withoutAHeader_isClosed() {
        try (var client = new LineClient(program.port(3))) {
            client.send("echo let me in, whoever I am, with many words");
            assertThat(client.awaitClose()).isEmpty();
        }
    }

    @Test
    void onConnect_refusesByClosing_andNothingIsHandled() {
        try (var client = passedOn("203.0.113.66", "echo one\necho two\n")) {
            assertThat(client.awaitClose()).isEmpty();
        }
    }

    @Test
    void connectionsOfOneAddress_areLimited() {
        try (var one = passedOn("203.0.113.8");
                var other = passedOn("203.0.113.10")) {
            try (var two = passedOn("203.0.113.8")) {
                assertThat(one.ask("echo one")).isEqualTo("one");
                assertThat(two.ask("echo two")).isEqualTo("two");
                try (var three = passedOn("203.0.113.8", "echo three\n")) {
                    assertThat(three.awaitClose()).isEmpty();
                }
                assertThat(other.ask("echo other")).isEqualTo("other");
            }
            await().until(() -> {
                try (var three = passedOn("203.0.113.8", "echo three\n")) {
                    return three.raw().read() == 't';
                }
            });
        }
    }

    @Test
    void silentPeer_isPinged_thenCut_oneThatAnswersIsNot() {
        try (var client = new LineClient(program.port(4));
                var silent = new LineClient(program.port(4))) {
            for (int i = 0; i < 9; i++) { // longer than it may be silent
                assertThat(client.read()).isEqualTo("still there?");
                client.send("echo yes");
                String line = client.read();
                while (line.equals("still there?")) { // it was asked again before it could answer
                    line = client.read();
                }
                assertThat(line).isEqualTo("yes");
            }
            assertThat(silent.awaitClose()).startsWith("still there?\n").doesNotContain("yes");
        }
    }

    @Test
    void datagram_isAnswered_asOftenAsTheHandlerSends() {
        try (var client = new UdpClient(program.port(5))) {
            assertThat(client.ask("from")).isEqualTo(client.address());
            assertThat(client.ask("size " + "x".repeat(60_000))).isEqualTo("size 60005");
            assertThat(Set.of(client.ask("twice"), new String(client.read(), UTF_8)))
                    .containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void datagram_toSomebodyElse() {
        try (var client = new UdpClient(program.port(5));
                var other = new UdpClient(program.port(5))) {
            int port = Integer.parseInt(other.address().split(":", -1)[1]);
            assertThat(client.ask("to " + port)).isEqualTo("sent true");
            assertThat(new String(other.read(), UTF_8)).isEqualTo("from " + client.address());
        }
    }

    /** On an event loop nothing waits but in the system. */
    @Test
    void datagramsThatNobodyHasTimeFor_areDropped_andCounted() {
        if (!where.hasSlots()) {
            return;
        }
        try (var client = new UdpClient(program.port(5))) {
            for (int i = 0; i < 11; i++) {
                client.send("gate");
            }
            program.awaitLine("udp://.* 10 datagrams wait for their handler \\(maxWaitingPackets\\)");
            for (int i = 0; i < 10; i++) {
                gate.await().release();
            }
        }
        try (var client = new LineClient(program.port())) {
            assertThat(client.ask("dropped")).isEqualTo("dropped 1");
        }
    }

    @Test
    void handlerOfADatagramThatThrows_isLogged_andTheNextIsHandled() {
        try (var client = new UdpClient(program.port(5))) {
            client.send("throw on purpose");
            program.awaitLine("IllegalStateException: on purpose");
            assertThat(client.ask("from")).isEqualTo(client.address());
        }
    }

    @Test
    @Order(LAST - 1)
    void reload_readsCertificatesAgain_andClosesNothing() throws Exception {
        try (var before = encrypted(null)) {
            assertThat(before.ask("echo before")).isEqualTo("before");
            Files.writeString(tls.resolve("server.pem"), "no certificate");
            Signals.send("USR1", program.pid());
            program.awaitLine("goes on with the certificate that it has: .*server.pem");
            assertThat(serverName("localhost")).isEqualTo("CN=localhost");

            Files.copy(tls.resolve("other.pem"), tls.resolve("server.pem"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(tls.resolve("other.key"), tls.resolve("server.key"), StandardCopyOption.REPLACE_EXISTING);
            Signals.send("USR1", program.pid());
            await().until(() -> serverName("localhost").equals("CN=other.test"));
            assertThat(before.ask("echo after")).isEqualTo("after");
        }
    }

    @Test
    @Order(LAST)
    void stop_removesTheSocketFile() {
        program.stop();
        assertThat(socket).doesNotExist();
    }
}
