package dev.shunt.net;

import dev.shunt.check.Check;
import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.http.ControlFrame;
import dev.shunt.http.HttpPart;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.http.RequestBytes;
import dev.shunt.http.WebSocketProtocol;

/**
 * What is spoken on the connections of a listener, or to an address: the closed set of ways that the engine knows. Who must
 * tell them apart switches over them without a default, so that the compiler points at every place that one more has to
 * extend.
 */
public sealed interface ApplicationProtocol {

    /** The message inside one whole packet, where the handler runs. */
    Object decode(Data packet);

    /** The packet that carries a message, where it is sent. */
    Data encode(Object message);

    /** To close a connection with; throws where there are no codes, or where that one must not be sent. */
    default CloseStatus closeStatus(Connection connection, int code, String reason) {
        return switch (this) {
            case Framing _ ->
                throw new IllegalStateException(connection + " is no WebSocket, and nothing else has close codes: "
                        + code + " cannot be sent; call close()");
            case WebSocket _ -> CloseStatus.toSend(code, reason);
            case Http _ -> CloseStatus.toSend(code, reason);
            case Packets _ ->
                throw new IllegalStateException(connection + " sends datagrams: there are no close codes");
        };
    }

    /** Whether its peers connect; else each message stands alone. */
    default boolean hasConnections() {
        return switch (this) {
            case Framing _ -> true;
            case WebSocket _ -> true;
            case Http _ -> true;
            case Packets _ -> false;
        };
    }

    /** Whether a connection begins with a request of HTTP. */
    default boolean beginsWithHttp() {
        return switch (this) {
            case Framing _ -> false;
            case WebSocket _ -> true;
            case Http _ -> true;
            case Packets _ -> false;
        };
    }

    /** Whether its peers say with a code why they close; those of HTTP do when they have become WebSockets. */
    default boolean hasCloseCodes() {
        return switch (this) {
            case Framing _ -> false;
            case Packets _ -> false;
            case Http _ -> false;
            case WebSocket _ -> true;
        };
    }

    /** Whether messages may be requests, to be answered. */
    default boolean hasRequests() {
        return switch (this) {
            case Framing _ -> false;
            case Packets _ -> false;
            case WebSocket _ -> false;
            case Http _ -> true;
        };
    }

    /** Whether the handler of that packet reads what its client has still to send, and so waits for it. */
    default boolean hasToWait(Data packet) {
        return hasRequests() && packet.kind() == Data.Kind.OBJECT && RequestBytes.isStreamed(packet.bytes());
    }

    /** A byte stream that a {@link Protocol}, built in or the program's own, cuts into messages. */
    record Framing(Protocol protocol) implements ApplicationProtocol {

        public Framing {
            Check.given("protocol", protocol);
        }

        @Override
        public Object decode(Data packet) {
            return protocol.decode(packet);
        }

        @Override
        public Data encode(Object message) {
            if (message instanceof ControlFrame frame) {
                throw new IllegalArgumentException(frame.type() + " is sent to WebSockets only, and this is none");
            }
            return protocol.encode(message);
        }
    }

    /** Datagrams (UDP), each a message as it is. No connections: whoever sends one can be answered. */
    record Packets() implements ApplicationProtocol {

        @Override
        public Object decode(Data packet) {
            return packet;
        }

        @Override
        public Data encode(Object message) {
            return Data.of(message);
        }
    }

    /** WebSocket, on either side. Its messages arrive whole and typed, text or bytes, so they pass unchanged. */
    record WebSocket(WebSocketProtocol settings) implements ApplicationProtocol {

        public WebSocket {
            Check.given("protocol", settings);
        }

        @Override
        public Data decode(Data packet) {
            return packet;
        }

        @Override
        public Data encode(Object message) {
            return message instanceof ControlFrame frame ? frame.packet() : Data.of(message);
        }
    }

    /**
     * HTTP on the side of the server. A {@link Request} arrives as {@code OBJECT}, and {@link HttpPart}s answer it; when it
     * has become a WebSocket, messages travel as there.
     */
    record Http(HttpProtocol settings) implements ApplicationProtocol {

        public Http {
            Check.given("protocol", settings);
        }

        @Override
        public Object decode(Data packet) {
            if (packet.kind() != Data.Kind.OBJECT) {
                return packet;
            }
            byte[] bytes = packet.bytes();
            return ControlFrame.isOne(bytes) ? ControlFrame.of(bytes) : Request.decoded(bytes);
        }

        @Override
        public Data encode(Object message) {
            if (message instanceof HttpPart part) {
                return part.packet();
            }
            if (message instanceof ControlFrame frame) {
                return frame.packet();
            }
            var data = Data.of(message);
            return data.kind() == Data.Kind.OBJECT ? Data.received(Data.Kind.TEXT, data.bytes(), Codec.json()) : data;
        }
    }
}
