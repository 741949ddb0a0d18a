package dev.shunt.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @Test
    void address_isTakenApart() {
        assertThat(Endpoint.parse("Text://0.0.0.0:12345")).isEqualTo(new Endpoint("text", "0.0.0.0", 12_345, "/"));
        assertThat(Endpoint.parse("ws://example.org:80/chat?room=1"))
                .isEqualTo(new Endpoint("ws", "example.org", 80, "/chat?room=1"));
    }

    @Test
    void ipv6_standsInBrackets() {
        var endpoint = Endpoint.parse("tcp://[::1]:9501");
        assertThat(endpoint.host()).isEqualTo("::1");
        assertThat(endpoint.hostAndPort()).isEqualTo("[::1]:9501");
        assertThat(endpoint).hasToString("tcp://[::1]:9501");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "text://",
                "text://host",
                "text://host:",
                "text://host:x",
                "://host:1",
                "text:host:1",
                "text://ho st:1 ",
                "text://host:123456",
                "1text://host:1",
                "text://::1:80"
            })
    void whatIsNoAddress_isNamed(String address) {
        assertThatThrownBy(() -> Endpoint.parse(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + address + "'");
    }

    @Test
    void portOutOfRange_isNamed() {
        assertThatThrownBy(() -> Endpoint.parse("text://host:65536"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536");
    }
}
