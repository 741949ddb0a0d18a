package dev.shunt.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WebSocketProtocolTest {

    @Test
    void messages_passUnchanged() {
        var message = Data.of("text");
        assertThat(WebSocketProtocol.DEFAULT.decode(message)).isSameAs(message);
        assertThat(WebSocketProtocol.DEFAULT.encode(message)).isSameAs(message);
        assertThat(WebSocketProtocol.DEFAULT.encode("text").kind()).isEqualTo(Data.Kind.TEXT);
    }

    @Test
    void settings_areChecked() {
        assertThatThrownBy(() -> WebSocketProtocol.DEFAULT.withSubprotocols("chat, v2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'chat, v2'");
        assertThatThrownBy(() -> WebSocketProtocol.DEFAULT.withPingInterval(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
        assertThat(WebSocketProtocol.DEFAULT.withDeflate(false).deflate()).isFalse();
    }
}
