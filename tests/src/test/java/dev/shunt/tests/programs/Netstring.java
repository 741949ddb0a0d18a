package dev.shunt.tests.programs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shunt.data.Data;
import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;
import dev.shunt.net.ProtocolException;
import java.util.Arrays;

/** A protocol of a user's own: {@code 5:hello,} as of https://cr.yp.to/proto/netstrings.txt. */
final class Netstring implements Protocol {

    private static final int MAX_DIGITS = 6;

    @Override
    public int input(Buffer buffer) {
        int colon = buffer.indexOf((byte) ':');
        if (colon > MAX_DIGITS || (colon < 0 && buffer.length() > MAX_DIGITS)) {
            throw new ProtocolException("no netstring: no colon after " + MAX_DIGITS + " digits");
        }
        return colon < 0 ? 0 : colon + 1 + length(buffer, colon) + 1;
    }

    private static int length(Buffer buffer, int colon) {
        int length = 0;
        for (int i = 0; i < colon; i++) {
            int digit = Character.digit(buffer.get(i), 10);
            if (digit < 0) {
                throw new ProtocolException("no netstring: its length has a byte " + buffer.get(i));
            }
            length = 10 * length + digit;
        }
        return length;
    }

    @Override
    public Object decode(Data packet) {
        byte[] bytes = packet.bytes();
        int colon = 0;
        while (bytes[colon] != ':') {
            colon++;
        }
        return new String(Arrays.copyOfRange(bytes, colon + 1, bytes.length - 1), US_ASCII);
    }

    @Override
    public Data encode(Object message) {
        String text = Data.of(message).text();
        return Data.of(text.length() + ":" + text + ",");
    }
}
