package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/** Sends datagrams and gets answers. */
public final class UdpClient implements AutoCloseable {

    private static final int MAX_BYTES = 65_535;

    private final DatagramSocket socket;
    private final InetSocketAddress server;

    public UdpClient(int port) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            socket.setSoTimeout(Math.toIntExact(Program.PATIENCE.toMillis()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code HOST:PORT} of this end. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    public UdpClient send(byte[] bytes) {
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, server));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public UdpClient send(String text) {
        return send(text.getBytes(UTF_8));
    }

    /** The next datagram that comes. */
    public byte[] read() {
        var packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no datagram within " + Program.PATIENCE, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    public String ask(String text) {
        return new String(send(text).read(), UTF_8);
    }

    @Override
    public void close() {
        socket.close();
    }
}
