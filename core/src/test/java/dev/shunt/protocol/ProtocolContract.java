package dev.shunt.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What every protocol that marks the ends of its messages must do, without any socket. */
abstract class ProtocolContract {

    abstract Protocol protocol();

    /** Messages that the protocol carries unchanged. */
    List<String> messages() {
        return List.of("one", "", "zwei €", "x".repeat(70_000));
    }

    @Test
    void encodedMessages_comeBackAtEverySplitPoint() {
        byte[] stream = new byte[0];
        for (String message : List.of("a", "", "bcd")) {
            byte[] packet = protocol().encode(message).bytes();
            stream = Arrays.copyOf(stream, stream.length + packet.length);
            System.arraycopy(packet, 0, stream, stream.length - packet.length, packet.length);
        }
        for (int split = 0; split <= stream.length; split++) {
            var messages = new ArrayList<String>();
            int used = take(Arrays.copyOf(stream, split), 0, messages);
            take(stream, used, messages);

            assertThat(messages).as("split at %d", split).containsExactly("a", "", "bcd");
        }
    }

    @Test
    void everyMessage_comesBack() {
        for (String message : messages()) {
            for (Object form : List.of(message, message.getBytes(UTF_8), Data.of(message))) {
                var packet = protocol().encode(form);
                assertThat(protocol().input(new Bytes(packet.bytes(), 0))).isEqualTo(packet.bytes().length);
                assertThat(text(protocol().decode(packet))).isEqualTo(message);
            }
        }
    }

    @Test
    void input_withoutAnyByte_asksForMore() {
        assertThat(protocol().input(new Bytes(new byte[0], 0))).isZero();
    }

    /** Takes the whole messages from {@code from} on, and returns where the first that is not whole begins. */
    private int take(byte[] bytes, int from, List<String> messages) {
        int used = from;
        while (true) {
            int length = protocol().input(new Bytes(bytes, used));
            if (length == 0 || length > bytes.length - used) {
                return used;
            }
            messages.add(text(protocol().decode(Data.of(Arrays.copyOfRange(bytes, used, used + length)))));
            used += length;
        }
    }

    static String text(Object message) {
        return ((Data) message).text();
    }

    record Bytes(byte[] all, int start) implements Buffer {

        @Override
        public int length() {
            return all.length - start;
        }

        @Override
        public byte get(int index) {
            return all[start + Objects.checkIndex(index, length())];
        }

        @Override
        public int getInt(int index) {
            return java.nio.ByteBuffer.wrap(all, start, length()).slice().getInt(index);
        }

        @Override
        public int indexOf(byte value) {
            for (int i = 0; i < length(); i++) {
                if (get(i) == value) {
                    return i;
                }
            }
            return -1;
        }
    }
}
