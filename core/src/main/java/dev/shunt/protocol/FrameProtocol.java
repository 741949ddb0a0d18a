package dev.shunt.protocol;

import dev.shunt.data.Data;
import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;
import dev.shunt.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Four bytes, big endian: the length of the whole message, these four included; then the body. Workerman's {@code
 * Frame}.
 */
public final class FrameProtocol implements Protocol {

    private static final int HEADER_BYTES = Integer.BYTES;

    @Override
    public int input(Buffer buffer) {
        if (buffer.length() < HEADER_BYTES) {
            return 0;
        }
        int length = buffer.getInt(0);
        if (length < HEADER_BYTES) {
            throw new ProtocolException("a frame of " + Integer.toUnsignedLong(length)
                    + " bytes; the length counts its own " + HEADER_BYTES + " and is below 2 GiB");
        }
        return length;
    }

    @Override
    public Data decode(Data packet) {
        byte[] frame = packet.bytes();
        return Data.of(Arrays.copyOfRange(frame, HEADER_BYTES, frame.length));
    }

    @Override
    public Data encode(Object message) {
        byte[] body = Data.of(message).bytes();
        int length = Math.addExact(HEADER_BYTES, body.length);
        return Data.of(ByteBuffer.allocate(length).putInt(length).put(body).array());
    }
}
