package dev.shunt.netty;

import dev.shunt.net.Buffer;
import dev.shunt.net.Protocol;

/** Lines, as the protocol package has them, which this package does not import. */
final class Lines implements Protocol {

    @Override
    public int input(Buffer buffer) {
        return buffer.indexOf((byte) '\n') + 1;
    }
}
