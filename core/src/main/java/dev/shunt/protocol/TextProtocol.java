package dev.shunt.protocol;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;
import java.util.Arrays;

/**
 * One line, one message; Workerman's {@code Text}. A line ends with LF, and a CR before it is dropped. A message that
 * itself contains a line feed arrives as several messages, as in Workerman: send JSON, which escapes it, or use
 * {@link FrameProtocol}.
 */
public final class TextProtocol implements Protocol {

    private static final byte LF = '\n';
    private static final byte CR = '\r';

    @Override
    public int input(Buffer buffer) {
        return buffer.indexOf(LF) + 1;
    }

    @Override
    public Data decode(Data packet) {
        byte[] line = packet.bytes();
        int end = line.length;
        if (end > 0 && line[end - 1] == LF) {
            end--;
        }
        if (end > 0 && end < line.length && line[end - 1] == CR) {
            end--;
        }
        return Data.received(Data.Kind.TEXT, Arrays.copyOf(line, end), Codec.json());
    }

    @Override
    public Data encode(Object message) {
        byte[] text = Data.of(message).bytes();
        byte[] line = Arrays.copyOf(text, text.length + 1);
        line[text.length] = LF;
        return Data.of(line);
    }
}
