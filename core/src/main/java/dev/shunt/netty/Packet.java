package dev.shunt.netty;

import dev.shunt.data.Data;

/** What a socket is given to send, until it is written. */
sealed interface Packet permits Packet.Single, SharedPacket {

    int length();

    /** Writes it as it travels. */
    void appendTo(Outbox.Format format, Outbox out);

    /** For one socket. */
    record Single(Data.Kind kind, byte[] bytes) implements Packet {

        @Override
        public int length() {
            return bytes.length;
        }

        @Override
        public void appendTo(Outbox.Format format, Outbox out) {
            out.append(format, kind, bytes);
        }
    }
}
