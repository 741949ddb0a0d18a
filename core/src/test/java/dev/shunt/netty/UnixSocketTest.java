package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.Endpoint;
import dev.shunt.net.ListenOptions;
import dev.shunt.protocol.TextProtocol;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose file it is that is listened on. */
@ParameterizedClass
@MethodSource("transports")
class UnixSocketTest {

    private final NetworkFixture fixture;
    private final RecordedEvents events = RecordedEvents.echoing();

    @TempDir
    Path directory;

    UnixSocketTest(Transport transport) {
        fixture = new NetworkFixture(transport);
    }

    static Stream<Transport> transports() {
        return Stream.of(Transport.best(), Transport.nio());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Path file() {
        return directory.resolve("app.sock");
    }

    private ListeningSocket listen(ListenOptions options) throws IOException {
        var listening = fixture.network.bind(
                Endpoint.parse("text://" + file()),
                new Framing(new TextProtocol()),
                NetworkFixture.LIMITS,
                options,
                events);
        listening.accept();
        return listening;
    }

    private void ask() {
        var answers = new RecordedEvents();
        var socket = fixture.connect("text://" + file(), new TextProtocol(), NetworkFixture.LIMITS, answers);
        socket.send(Data.of("hello\n".getBytes(UTF_8)));
        assertThat(answers.nextReceived().text()).isEqualTo("hello\n");
        assertThat(socket.peer().remoteAddress()).isEqualTo("unix:" + file());
        socket.close();
    }

    private String[] names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> Objects.requireNonNull(file.getFileName()).toString())
                    .toArray(String[]::new);
        }
    }

    @Test
    void listener_isThere_withItsMode_untilItCloses() throws IOException {
        try (var _ = listen(ListenOptions.DEFAULT.withFileMode(Optional.of("rw-------")))) {
            ask();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                    .isEqualTo("rw-------");
            assertThat(names()).containsExactly("app.sock");
        }
        assertThat(names()).isEmpty();
    }

    /** As after kill -9. */
    @Test
    void socketThatNobodyListensOn_isReplaced() throws IOException {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(file()))
                .close();
        assertThat(file()).exists();
        try (var _ = listen(ListenOptions.DEFAULT)) {
            ask();
        }
    }

    @Test
    void socketOfALivingServer_isNotTaken() throws IOException {
        try (var _ = listen(ListenOptions.DEFAULT)) {
            assertThatThrownBy(() -> listen(ListenOptions.DEFAULT))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("cannot listen on text://" + file() + ": another process listens there");
            ask();
            assertThat(names()).containsExactly("app.sock");
        }
    }

    @Test
    void fileThatIsNoSocket_isNotTouched() throws IOException {
        Files.writeString(file(), "letters");
        assertThatThrownBy(() -> listen(ListenOptions.DEFAULT)).hasMessageContaining("is no socket");
        assertThat(file()).hasContent("letters");
    }

    @Test
    void socketThatAnotherHasPutThere_isLeft() throws IOException {
        var listening = listen(ListenOptions.DEFAULT);
        Files.delete(file());
        try (var other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(file()));
            listening.close();
            assertThat(file()).exists();
        }
    }

    @Test
    void placesThatCannotBeHad_areExplained() {
        assertThatThrownBy(() -> bind(directory.resolve("no/app.sock")))
                .hasMessageContaining(directory.resolve("no") + " is no directory");
        assertThatThrownBy(() -> bind(directory.resolve("x".repeat(100) + ".sock")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
        assertThat(directory).isEmptyDirectory();
    }

    private void bind(Path file) throws IOException {
        fixture.network.bind(
                Endpoint.parse("unix://" + file),
                new Framing(new TextProtocol()),
                NetworkFixture.LIMITS,
                ListenOptions.DEFAULT,
                events);
    }
}
