package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.LineClient;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.WebSocketClient;
import dev.shunt.tests.programs.CloseCodes;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The codes with which WebSockets are closed, told and heard wherever handlers run. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"event_loop", "in_process", "children"})
class CloseCodesTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    CloseCodesTest(@SuppressWarnings("unused") String placement) {}

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(CloseCodes.class, "--placement", placement);
        program.port(1);
    }

    private record Greeted(WebSocketClient client, String id) implements AutoCloseable {

        static Greeted open() {
            var client = new WebSocketClient(program.port(0));
            return new Greeted(client, client.read().substring("hello ".length()));
        }

        void awaitClosed(int code, String reason) {
            String line = "closed " + id + " with " + code + " '" + reason + "'";
            program.awaitLine("^" + line + "$");
            assertThat(program.lines()).containsOnlyOnce(line);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Test
    void handlerThatThrows_closesWith1011() {
        try (var greeted = Greeted.open()) {
            greeted.client().send("throw");
            assertThat(greeted.client().closeCode()).isEqualTo(1011);
            greeted.awaitClosed(1011, "");
        }
    }

    @Test
    void closedWithACode_thePeerIsTold_andAnswersWithIt() {
        try (var greeted = Greeted.open()) {
            greeted.client().send("close 4001 see you later");
            assertThat(greeted.client().closeCode()).isEqualTo(4001);
            assertThat(greeted.client().closeReason()).isEqualTo("see you later");
            greeted.awaitClosed(4001, ""); // the JDK's client answers with the code alone
        }
    }

    @Test
    void closedByItsId_withACode() {
        try (var greeted = Greeted.open();
                var other = Greeted.open()) {
            other.client().send("close-id " + greeted.id() + " 4002 by another");
            assertThat(greeted.client().closeCode()).isEqualTo(4002);
            assertThat(greeted.client().closeReason()).isEqualTo("by another");
            assertThat(other.client().ask("ping")).isEqualTo("pong 0");
        }
    }

    @Test
    void closedByThePeer_itsCodeAndReasonAreHeard() {
        try (var greeted = Greeted.open()) {
            greeted.client().sendClose(4003, "enough");
            greeted.awaitClosed(4003, "enough");
        }
    }

    @Test
    void whatCameBeforeAClose_isAnswered_beforeThatIs() {
        try (var bytes = WebSocketBytes.open(program.port(0))) {
            String id = bytes.read().text().substring("hello ".length());
            bytes.sendRaw(
                    FrameText.encoded("t:ping t:ping t:ping t:ping t:ping close:4004:thanks t:ping", new Random(7)));
            for (int i = 0; i < 5; i++) {
                assertThat(FrameText.described(bytes.read())).isEqualTo("t:pong 0");
            }
            assertThat(FrameText.described(bytes.read())).isEqualTo("close:4004");
            program.awaitLine("^closed " + id + " with 4004 'thanks'$");
        }
    }

    @Test
    void peerThatGivesNoCode_is1005_oneThatVanishes_1006() {
        try (var greeted = Greeted.open()) {
            greeted.client().close();
            greeted.awaitClosed(1006, "");
        }
        try (var bytes = WebSocketBytes.open(program.port(0))) {
            String id = bytes.read().text().substring("hello ".length());
            bytes.send(WebSocketBytes.CLOSE, "");
            program.awaitLine("^closed " + id + " with 1005 ''$");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"999", "1004", "1005", "1006", "1015", "1016", "2999", "5000"})
    void codeThatMustNotBeSent_isRefused(String code) {
        try (var greeted = Greeted.open()) {
            assertThat(greeted.client().ask("close " + code + " why"))
                    .startsWith("refused ")
                    .contains(code)
                    .contains("1000 to 1003");
            assertThat(greeted.client().ask("close 4000 " + "r".repeat(124))).contains("124 bytes");
            assertThat(greeted.client().ask("ping")).isEqualTo("pong 0");
        }
    }

    @Test
    void whatIsNoWebSocket_hasNoCodes_andSaysSo() {
        String id;
        try (var client = new LineClient(program.port(1))) {
            id = client.read().substring("hello ".length());
            assertThat(client.ask("close 4000 why")).startsWith("refused ").contains("no WebSocket");
            assertThat(client.ask("ping")).isEqualTo("pong 0");
        }
        program.awaitLine("^closed " + id + " with 0 ''$");
    }
}
