package dev.shunt.net;

/**
 * Who is at the other end of a connection, as known everywhere a handler may run.
 *
 * @param connectionId unique for the life of the manager; Swoole's {@code fd}
 * @param remoteHost numeric address
 */
public record Peer(long connectionId, String remoteHost, int remotePort, String localHost, int localPort) {

    /** {@code HOST:PORT} of the other end. */
    public String remoteAddress() {
        return (remoteHost.indexOf(':') < 0 ? remoteHost : "[" + remoteHost + "]") + ":" + remotePort;
    }
}
