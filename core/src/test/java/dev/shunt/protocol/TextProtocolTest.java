package dev.shunt.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.net.Protocol;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextProtocolTest extends ProtocolContract {

    private final TextProtocol protocol = new TextProtocol();

    @Override
    Protocol protocol() {
        return protocol;
    }

    @Test
    void decode_dropsOneLineEndAndGivesText() {
        assertThat(decoded("line\n")).isEqualTo("line");
        assertThat(decoded("line\r\n")).isEqualTo("line");
        assertThat(decoded("line\r\r\n")).isEqualTo("line\r");
        assertThat(decoded("\r\n")).isEmpty();
        assertThat(decoded("\n")).isEmpty();
        assertThat(decoded("no end\r")).isEqualTo("no end\r");
        assertThat(protocol.decode(Data.of("x\n")).kind()).isEqualTo(Data.Kind.TEXT);
    }

    @Test
    void encode_ofAnObject_isALineOfJson() {
        assertThat(protocol.encode(Map.of("a", 1)).text()).isEqualTo("{\"a\":1}\n");
    }

    @Test
    void lineFeedInside_makesSeveralMessages() {
        var packet = protocol.encode("one\ntwo").bytes();
        assertThat(protocol.input(new Bytes(packet, 0))).isEqualTo("one\n".length());
    }

    private String decoded(String packet) {
        return protocol.decode(Data.of(packet.getBytes(UTF_8))).text();
    }
}
