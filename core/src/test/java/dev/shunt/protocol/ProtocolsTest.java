package dev.shunt.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProtocolsTest {

    @Test
    void builtIn_isFoundInAnyCase() {
        var protocols = Protocols.builtIn();

        assertThat(protocols)
                .containsOnlyKeys(
                        "frame", "http", "https", "ssl", "tcp", "text", "udp", "unix", "websocket", "ws", "wss");
        assertThat(framing(protocols.get("Text"))).isInstanceOf(TextProtocol.class);
        assertThat(framing(protocols.get("FRAME"))).isInstanceOf(FrameProtocol.class);
        assertThat(protocols.get("WebSocket")).isEqualTo(new WebSocket(WebSocketProtocol.DEFAULT));
        assertThat(protocols.get("smtp")).isNull();
    }

    @Test
    void builtIn_cannotBeChanged() {
        assertThatThrownBy(() -> Protocols.builtIn().put("x", new Framing(new RawProtocol())))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void raw_takesWhatHasArrived() {
        assertThat(new RawProtocol().input(new ProtocolContract.Bytes(new byte[17], 2)))
                .isEqualTo(15);
    }

    private static @Nullable Object framing(@Nullable ApplicationProtocol protocol) {
        return protocol instanceof Framing framing ? framing.protocol() : null;
    }
}
