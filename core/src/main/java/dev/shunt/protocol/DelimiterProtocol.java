package dev.shunt.protocol;

import dev.shunt.data.Data;
import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;
import java.util.Arrays;

/**
 * Each message ends with the same bytes, which are not part of it; Swoole's {@code open_eof_split}. A message that contains
 * them arrives as several. Made by {@link Protocols#delimiter}.
 */
public final class DelimiterProtocol implements Protocol {

    private final byte[] delimiter;

    DelimiterProtocol(byte[] delimiter) {
        if (delimiter.length == 0) {
            throw new IllegalArgumentException("an empty delimiter ends no message; give at least one character");
        }
        this.delimiter = delimiter;
    }

    @Override
    public int input(Buffer buffer) {
        int at = buffer.indexOf(delimiter);
        return at < 0 ? 0 : at + delimiter.length;
    }

    @Override
    public Data decode(Data packet) {
        byte[] bytes = packet.bytes();
        return Data.of(Arrays.copyOf(bytes, bytes.length - delimiter.length));
    }

    @Override
    public Data encode(Object message) {
        byte[] bytes = Data.of(message).bytes();
        byte[] packet = Arrays.copyOf(bytes, Math.addExact(bytes.length, delimiter.length));
        System.arraycopy(delimiter, 0, packet, bytes.length, delimiter.length);
        return Data.of(packet);
    }

    @Override
    public String toString() {
        return "delimiter " + Arrays.toString(delimiter);
    }
}
