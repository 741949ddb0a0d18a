package dev.shunt.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"Host, a", "sec-websocket-key, a", "'a b', c", "'', a", "a, 'b\r\nX: y'"})
    void headersThatCannotBeSent_areRefused(String name, String value) {
        assertThatThrownBy(() -> WebSocketProtocol.DEFAULT.withHeader(name, value.replace("\\r\\n", "\r\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
