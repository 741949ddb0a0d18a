package dev.shunt.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.http.WebSocketProtocol;
import dev.shunt.net.ApplicationProtocol.Framing;
import dev.shunt.net.ApplicationProtocol.WebSocket;
import dev.shunt.protocol.TextProtocol;
import org.junit.jupiter.api.Test;

class ApplicationProtocolTest {

    @Test
    void messagesOfAWebSocket_passUnchanged() {
        var webSocket = new WebSocket(WebSocketProtocol.DEFAULT);
        var message = Data.of("text");
        assertThat(webSocket.decode(message)).isSameAs(message);
        assertThat(webSocket.encode(message)).isSameAs(message);
        assertThat(webSocket.encode("text").kind()).isEqualTo(Data.Kind.TEXT);
    }

    @Test
    void messagesOfAFraming_areWhatItsProtocolMakesOfThem() {
        var text = new Framing(new TextProtocol());
        var packet = text.encode("line");
        assertThat(packet.text()).isEqualTo("line\n");
        assertThat(text.decode(packet)).isEqualTo(new TextProtocol().decode(packet));
    }
}
