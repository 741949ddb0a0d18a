package dev.shunt.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.net.Protocol;
import org.junit.jupiter.api.Test;

class DelimiterProtocolTest extends ProtocolContract {

    private final DelimiterProtocol protocol = Protocols.delimiter("\r\n\r\n");

    @Override
    Protocol protocol() {
        return protocol;
    }

    @Test
    void partsOfTheDelimiter_areNoEnd() {
        assertThat(protocol.input(new Bytes("a\r\n\rb\r\n\r\nc".getBytes(UTF_8), 0)))
                .isEqualTo(9);
        assertThat(protocol.input(new Bytes("a\r\n\r".getBytes(UTF_8), 0))).isZero();
    }

    @Test
    void oneByte_orManyOfUtf8() {
        assertThat(Protocols.delimiter(";").encode("a").text()).isEqualTo("a;");
        assertThat(Protocols.delimiter("€").input(new Bytes("a€".getBytes(UTF_8), 0)))
                .isEqualTo(4);
    }

    @Test
    void emptyDelimiter_isRefused() {
        assertThatThrownBy(() -> Protocols.delimiter("")).hasMessageContaining("empty delimiter");
    }
}
