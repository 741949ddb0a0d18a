package dev.shunt.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WebSocketProtocolTest {

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
