package dev.shunt.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import dev.shunt.net.Protocol;
import dev.shunt.net.ProtocolException;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LengthProtocolTest extends ProtocolContract {

    private static final HexFormat HEX = HexFormat.of();

    @Override
    Protocol protocol() {
        return Protocols.length(4);
    }

    @ParameterizedTest
    @CsvSource({"1, 02abcd", "2, 0002abcd", "3, 000002abcd", "4, 00000002abcd", "8, 0000000000000002abcd"})
    void length_standsBeforeTheBody(int bytes, String packet) {
        var protocol = Protocols.length(bytes);
        assertThat(HEX.formatHex(protocol.encode(HEX.parseHex("abcd")).bytes())).isEqualTo(packet);
        assertThat(protocol.input(bytes(packet))).isEqualTo(bytes + 2);
        assertThat(protocol.input(bytes(packet.substring(2, 2 * bytes)))).isZero();
    }

    @Test
    void littleEndian() {
        var protocol = Protocols.length(2).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(HEX.formatHex(protocol.encode(HEX.parseHex("abcd")).bytes())).isEqualTo("0200abcd");
        assertThat(protocol.input(bytes("0001"))).isEqualTo(2 + 256);
    }

    @Test
    void lengthThatCountsTheHeader_isAdjusted() {
        var protocol = Protocols.length(4).adjustment(-4);
        assertThat(HEX.formatHex(protocol.encode(HEX.parseHex("abcd")).bytes())).isEqualTo("00000006abcd");
        assertThat(protocol.input(bytes("00000006"))).isEqualTo(6);
        assertThatThrownBy(() -> protocol.input(bytes("00000003"))).isInstanceOf(ProtocolException.class);
    }

    /** As Swoole's: a type of two bytes, a length of two, a number of four; the length counts what follows. */
    @Test
    void headerWithMore_belongsToTheMessage() {
        var protocol = Protocols.length(2).offset(2).headerBytes(8);
        assertThat(protocol.input(bytes("cafe0003"))).isEqualTo(8 + 3);
        assertThat(protocol.input(bytes("cafe00"))).isZero();
        var packet = HEX.parseHex("cafe000300000001abcdef");
        assertThat(protocol.decode(Data.of(packet)).bytes()).isEqualTo(packet);
        assertThat(protocol.encode(packet).bytes()).isEqualTo(packet);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffffffffffff", "7fffffffffffffff", "0000000080000000"})
    void lengthNoMessageCanHave_isRefused(String packet) {
        assertThatThrownBy(() -> Protocols.length(8).input(bytes(packet)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("a length of");
    }

    @Test
    void fourBytes_areUnsigned() {
        assertThatThrownBy(() -> Protocols.length(4).input(bytes("ffffffff")))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("4294967295");
        assertThat(Protocols.length(2).input(bytes("ffff"))).isEqualTo(65_537);
    }

    @Test
    void messageThatItsLengthCannotSay_isRefused() {
        assertThat(Protocols.length(1).encode(new byte[255]).bytes()).hasSize(256);
        assertThatThrownBy(() -> Protocols.length(1).encode(new byte[256]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256 bytes");
    }

    @Test
    void wrongSettings_areNamed() {
        assertThatThrownBy(() -> Protocols.length(5)).hasMessageContaining("5 bytes");
        assertThatThrownBy(() -> Protocols.length(4).offset(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> Protocols.length(4).offset(2).headerBytes(5)).hasMessageContaining("5 bytes");
    }

    private static Bytes bytes(String hex) {
        return new Bytes(HEX.parseHex(hex), 0);
    }
}
