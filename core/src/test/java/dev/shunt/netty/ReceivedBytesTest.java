package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class ReceivedBytesTest {

    private final ByteBuf bytes = Unpooled.buffer();
    private final ReceivedBytes view = new ReceivedBytes();

    @Test
    void indexes_countFromTheFirstUnusedByte() {
        bytes.writeBytes("used".getBytes(UTF_8)).skipBytes(4);
        bytes.writeInt(0x01020304).writeByte('x');
        var buffer = view.of(bytes);

        assertThat(buffer.length()).isEqualTo(5);
        assertThat(buffer.get(4)).isEqualTo((byte) 'x');
        assertThat(buffer.getInt(0)).isEqualTo(0x01020304);
        assertThat(buffer.indexOf((byte) 'x')).isEqualTo(4);
        assertThat(buffer.indexOf((byte) 'u')).isEqualTo(-1);
        assertThatThrownBy(() -> buffer.get(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.getInt(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void indexOf_looksAtEachByteOnce() {
        bytes.writeBytes("abc".getBytes(UTF_8));
        assertThat(view.of(bytes).indexOf((byte) '\n')).isEqualTo(-1);
        assertThat(view.of(bytes).indexOf((byte) ';')).isEqualTo(-1);

        // A change that cannot happen shows that it does not look there again.
        bytes.setByte(0, '\n').setByte(1, ';').writeBytes("d\n".getBytes(UTF_8));
        assertThat(view.of(bytes).indexOf((byte) '\n')).isEqualTo(4);
        assertThat(view.of(bytes).indexOf((byte) ';')).isEqualTo(-1);
        assertThat(view.of(bytes).indexOf((byte) 'a')).isEqualTo(-1);
    }

    @Test
    void takenPacket_isForgotten() {
        bytes.writeBytes("abcd".getBytes(UTF_8));
        assertThat(view.of(bytes).indexOf((byte) '\n')).isEqualTo(-1);
        bytes.skipBytes(4).writeBytes("\n".getBytes(UTF_8));
        view.forget();

        assertThat(view.of(bytes).indexOf((byte) '\n')).isZero();
    }

    @Test
    void severalBytes_areLookedForOnceEach() {
        byte[] end = "\r\n\r\n".getBytes(UTF_8);
        bytes.writeBytes("ab\r\n\r".getBytes(UTF_8));
        assertThat(view.of(bytes).indexOf(end)).isEqualTo(-1);
        assertThat(view.of(bytes).indexOf("x\r\n\r\nb".getBytes(UTF_8))).isEqualTo(-1);
        assertThat(view.of(bytes).indexOf(end)).isEqualTo(-1);

        bytes.writeBytes("\nc\r\n\r\n".getBytes(UTF_8));
        assertThat(view.of(bytes).indexOf(end)).isEqualTo(2);
        bytes.skipBytes(6);
        view.forget();
        assertThat(view.of(bytes).indexOf(end)).isEqualTo(1);
    }
}
