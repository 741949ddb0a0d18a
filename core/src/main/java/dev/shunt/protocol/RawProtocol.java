package dev.shunt.protocol;

import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;

/** No framing: whatever has arrived is a message. */
public final class RawProtocol implements Protocol {

    @Override
    public int input(Buffer buffer) {
        return buffer.length();
    }
}
