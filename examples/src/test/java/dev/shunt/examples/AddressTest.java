package dev.shunt.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:25", "mail.example.com:587", "[::1]:2525"})
    void parse_hostAndPort_printsTheSame(String text) {
        assertThat(Address.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                ":25",
                "localhost:",
                "localhost:0",
                "localhost:65536",
                "localhost:25/",
                "a b:x"
            })
    void parse_anythingElse_saysWhatAnAddressIs(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is no address; give HOST:PORT, such as 127.0.0.1:2525");
    }
}
