package dev.shunt.net;

import dev.shunt.data.Data;

/**
 * A wire format: three functions, as in Workerman. {@code input} runs in the process that owns the socket, {@code decode}
 * and {@code encode} where the handler runs; so a protocol keeps no state, and one instance serves all connections.
 */
public interface Protocol {

    /**
     * How long the next message is, in bytes, counted from the start of the buffer and including header and delimiter.
     *
     * @return the length of the whole message, which need not have arrived yet; 0 if more bytes are needed to tell
     * @throws ProtocolException if this can never become a message: the connection is closed with that reason
     */
    int input(Buffer buffer);

    /** The message inside one whole packet. Default: the packet itself. */
    default Object decode(Data packet) {
        return packet;
    }

    /**
     * The packet that carries a message. Default: its bytes. The message is what was given to {@code send}; but where the
     * sender does not handle the connection, as a task worker, it arrives as {@code Data}.
     */
    default Data encode(Object message) {
        return Data.of(message);
    }
}
