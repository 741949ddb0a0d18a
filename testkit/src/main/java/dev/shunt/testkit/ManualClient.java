package dev.shunt.testkit;

import dev.shunt.data.Data;
import dev.shunt.http.ControlFrame;
import dev.shunt.http.HttpPart;
import dev.shunt.net.ApplicationProtocol;
import dev.shunt.net.CloseStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of a program that a {@link ManualEngine} runs. What it does happens when the engine runs next, and so does
 * what the program does to it. Not safe for use by several threads.
 */
public final class ManualClient {

    private static final int SWITCHING_PROTOCOLS = 101;

    private final ManualSocket socket;
    private final ApplicationProtocol protocol;
    private final List<Data> packets = new ArrayList<>();
    private final Deque<ManualResponse> asked = new ArrayDeque<>();
    private @Nullable ManualResponse handshake;
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
        checkMessages();
        socket.arrive(protocol.encode(message).encoded());
    }

    /**
     * Sends bytes as they are, of a message or of several, or of a part of one. On a WebSocket they are a binary
     * message.
     */
    public void sendBytes(byte[] bytes) {
        checkMessages();
        socket.arrive(Data.of(bytes));
    }

    /**
     * Asks a listener of HTTP. The next request has its turn when this one is answered.
     *
     * @return grows while the engine runs
     */
    public ManualResponse request(ManualRequest request) {
        if (!protocol.hasRequests()) {
            throw new IllegalStateException("no HTTP is spoken there; send(...) messages");
        }
        var response = new ManualResponse(request);
        asked.add(response);
        socket.asks(request);
        return response;
    }

    /** As {@link #request}, without a body. */
    public ManualResponse get(String target) {
        return request(ManualRequest.get(target));
    }

    /**
     * Asks a listener of HTTP to become a WebSocket. With status 101 it is one: {@link #send} and {@link #received} are for
     * its messages from then on.
     */
    public ManualResponse upgrade(String target) {
        return upgrade(ManualRequest.get(target));
    }

    /** As the other one, with headers, such as a cookie. */
    public ManualResponse upgrade(ManualRequest request) {
        handshake = request(request.header("upgrade", "websocket")
                .header("connection", "Upgrade")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="));
        return handshake;
    }

    private void checkMessages() {
        boolean open = handshake != null && handshake.hasBegun() && handshake.status() == SWITCHING_PROTOCOLS;
        if (protocol.hasRequests() && !open) {
            throw new IllegalStateException("HTTP is spoken there: request(...), or upgrade(...) and runDue() first");
        }
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

    private void answered(ManualResponse response, HttpPart part) {
        response.add(part);
        if (response.isComplete()) {
            asked.remove();
        }
    }

    ManualSocket.FarEnd farEnd() {
        return new ManualSocket.FarEnd() {
            @Override
            public void arrived(Data packet) {
                var response = asked.peek();
                boolean isAnswer = protocol.hasRequests() && packet.kind() == Data.Kind.OBJECT;
                if (isAnswer && response != null && !ControlFrame.isOne(packet.bytes())) {
                    answered(response, HttpPart.of(packet.bytes()));
                } else {
                    packets.add(packet);
                }
            }

            @Override
            public void closed(CloseStatus why) {
                closed = true;
                if (protocol instanceof ApplicationProtocol.WebSocket || handshake != null) {
                    heard = why;
                }
            }
        };
    }
}
