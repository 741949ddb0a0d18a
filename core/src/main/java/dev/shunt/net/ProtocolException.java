package dev.shunt.net;

/**
 * What arrived is no message of the protocol. The connection it came on is closed with this reason, no other is
 * touched.
 */
public final class ProtocolException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ProtocolException(String reason) {
        super(reason);
    }
}
