package dev.shunt.tests.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.RawClient;
import dev.shunt.tests.StreamClient;
import dev.shunt.tests.TlsFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./shunt example line-server}. */
@Tag("processes")
class LineServerTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @TempDir
    Path directory;

    private static Program start(Object... arguments) {
        return programs.start(Launch.of("LineServer", arguments));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @Test
    void delimiter_withEscapes() {
        var program = start("--listen", "tcp://127.0.0.1:0", "--delimiter", "\\r\\x0a");
        try (var client = new RawClient(program.port())) {
            client.send(bytes("one\r\ntwo\nth")).send(bytes("ree\r\n"));
            assertThat(client.read(16)).isEqualTo(bytes("one\r\ntwo\nthree\r\n"));
        }
    }

    @Test
    void length_doesNotCountItself_andTooLongIsClosed() {
        var program = start("--listen", "tcp://127.0.0.1:0", "--length", 4);
        try (var client = new RawClient(program.port())) {
            client.send(bytes("\0\0\0\3abc\0\0")).send(bytes("\0\0"));
            assertThat(client.read(11)).isEqualTo(bytes("\0\0\0\3abc\0\0\0\0"));
            client.send(bytes("\377\0\0\0"));
            assertThat(client.awaitClose()).isEmpty();
        }
    }

    @Test
    void unixSocket_isRemovedAtTheEnd() {
        var file = directory.resolve("line.sock");
        var program = start("--listen", "unix://" + file);
        program.awaitLine("^listening on unix://" + file + "$");
        try (var client = StreamClient.unix(file)) {
            assertThat(client.ask("hello")).isEqualTo("hello");
        }
        assertThat(program.stop()).isZero();
        assertThat(file).doesNotExist();
    }

    @Test
    void encrypted_andABrokenFileEndsTheStartWithItsName() throws Exception {
        var program = start(
                "--listen", "ssl://127.0.0.1:0", "--tls", TlsFiles.file("server.pem"), TlsFiles.file("server.key"));
        try (var client =
                StreamClient.of(StreamClient.handshake(program.port(), TlsFiles.context(null), "localhost"))) {
            assertThat(client.ask("hello")).isEqualTo("hello");
        }
        var broken = start("--listen", "ssl://127.0.0.1:0", "--tls", "/no/such.pem", TlsFiles.file("server.key"));
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.errors()).singleElement().asString().contains("line-server: ", "/no/such.pem does not exist");
        var unused = start(
                "--listen", "tcp://127.0.0.1:0", "--tls", TlsFiles.file("server.pem"), TlsFiles.file("server.key"));
        assertThat(unused.exitCode()).isEqualTo(2);
        assertThat(unused.errors()).singleElement().asString().contains("line-server: ", "goes with --tls");
    }

    @Test
    void lengthOfNoBytes_isRefused() {
        var program = start("--listen", "tcp://127.0.0.1:0", "--length", 0);
        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.errors()).singleElement().asString().contains("line-server: ", "a length of 0 bytes");
    }
}
