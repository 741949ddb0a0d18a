package dev.shunt.testkit;

import dev.shunt.data.Data;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.CloseStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * A client of a program that a {@link ManualEngine} runs. What it does happens when the engine runs next, and so does
 * what the program does to it. Not safe for use by several threads.
 */
public final class ManualClient {

    private final ManualSocket socket;
    private final ApplicationProtocol protocol;
    private final List<Data> packets = new ArrayList<>();
    private boolean closed;
    private CloseStatus heard = CloseStatus.NONE;

    ManualClient(ManualSocket socket, ApplicationProtocol protocol) {
        this.socket = socket;
        this.protocol = protocol;
    }

    /** The connection's id in the program. */
    public long id() {
        return socket.peer().connectionId();
    }

    /** Sends one message, encoded as the listener's protocol does; the program cuts it out and decodes it again. */
    public void send(Object message) {
        socket.arrive(protocol.encode(message).encoded());
    }

    /**
     * Sends bytes as they are, of a message or of several, or of a part of one. On a WebSocket they are a binary
     * message.
     */
    public void sendBytes(byte[] bytes) {
        socket.arrive(Data.of(bytes));
    }

    /** The messages that the program has sent, decoded as the listener's protocol does. */
    public List<String> received() {
        return packets.stream()
                .map(packet -> Data.of(protocol.decode(packet)).text())
                .toList();
    }

    /** What the program has sent, as it travels: a packet each. */
    public List<Data> packets() {
        return List.copyOf(packets);
    }

    /** Sends no more; the program closes the connection when it has handled what was sent. */
    public void close() {
        socket.end(CloseStatus.NO_CODE);
    }

    /** As {@link #close()}, of a WebSocket, with what its close frame says. */
    public void close(int code, String reason) {
        socket.end(CloseStatus.toSend(code, reason));
    }

    /** The code with which the program has closed a WebSocket; 0 if it has not, or if this is none. */
    public int closeCode() {
        return heard.code();
    }

    /** The reason that came with {@link #closeCode}; empty if none did. */
    public String closeReason() {
        return heard.reason();
    }

    /** False when the program has closed the connection. */
    public boolean isOpen() {
        return !closed;
    }

    ManualSocket.FarEnd farEnd() {
        return new ManualSocket.FarEnd() {
            @Override
            public void arrived(Data packet) {
                packets.add(packet);
            }

            @Override
            public void closed(CloseStatus why) {
                closed = true;
                if (protocol instanceof ApplicationProtocol.WebSocket) {
                    heard = why;
                }
            }
        };
    }
}
