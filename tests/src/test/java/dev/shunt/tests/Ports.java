package dev.shunt.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of this machine. */
final class Ports {

    private Ports() {}

    /** Whether nobody accepts there. */
    static boolean refuses(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether one can listen there. */
    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** One that was free a moment ago, and that the system gives to nobody who asks for any. */
    static int free() {
        int end = firstOfTheSystems();
        return ThreadLocalRandom.current()
                .ints(end / 2, end)
                .filter(Ports::isFree)
                .findFirst()
                .orElseThrow();
    }

    /** From it on are those of clients, and of servers that ask for port 0. */
    private static int firstOfTheSystems() {
        try {
            var range = Files.readAllLines(
                    Path.of("/proc/sys/net/ipv4/ip_local_port_range")); // it is there for one read alone
            return Integer.parseInt(range.getFirst().split("\\s+", 2)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
