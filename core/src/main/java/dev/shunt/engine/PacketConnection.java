package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.http.ClientAddress;
import dev.shunt.net.Connection;
import dev.shunt.net.Endpoint;
import dev.shunt.net.Peer;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Whoever has sent a datagram, as its handler sees it: what is sent goes there, each as one datagram. */
public final class PacketConnection implements Connection {

    /** Sends a datagram from where one was received. */
    public interface Out {

        /** False if it was not sent, for too much waits already. */
        boolean send(InetSocketAddress to, Data datagram);
    }

    private final InetSocketAddress from;
    private final Peer peer;
    private final Out out;
    private volatile boolean open = true;
    private volatile @Nullable Object attachment;

    /** @param listener where it has come in */
    public PacketConnection(InetSocketAddress from, Endpoint listener, Out out) {
        this.from = from;
        this.peer =
                new Peer(0, ClientAddress.text(from.getAddress()), from.getPort(), listener.host(), listener.port());
        this.out = out;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public boolean send(Object message) {
        return open && out.send(from, Data.of(message));
    }

    /** Nothing is sent by this any more; the other end hears nothing of it. */
    @Override
    public void close() {
        open = false;
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public void close(int code, String reason) {
        throw new IllegalStateException(
                this + " sent a datagram, and there are no close codes: " + code + " cannot be sent; call close()");
    }

    @Override
    public int closeCode() {
        return 0;
    }

    @Override
    public String closeReason() {
        return "";
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object value) {
        attachment = value;
    }

    @Override
    public String toString() {
        return remoteAddress();
    }
}
