package dev.shunt.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.net.Protocol;
import dev.shunt.net.ProtocolException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameProtocolTest extends ProtocolContract {

    private final FrameProtocol protocol = new FrameProtocol();

    @Override
    Protocol protocol() {
        return protocol;
    }

    @Test
    void length_countsItsOwnFourBytes() {
        assertThat(protocol.encode(new byte[] {7, 8}).bytes()).containsExactly(0, 0, 0, 6, 7, 8);
        assertThat(protocol.input(new Bytes(new byte[] {0, 0, 1, 0}, 0))).isEqualTo(256);
        assertThat(protocol.input(new Bytes(new byte[] {0, 0, 1}, 0))).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, -1, Integer.MIN_VALUE})
    void lengthBelowFour_isNoFrame(int length) {
        var frame = new Bytes(ByteBuffer.allocate(4).putInt(length).array(), 0);
        assertThatThrownBy(() -> protocol.input(frame))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(Integer.toUnsignedString(length) + " bytes");
    }
}
