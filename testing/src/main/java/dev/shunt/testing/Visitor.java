package dev.shunt.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** A handler that stands at a {@link Gate}. */
public final class Visitor implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader lines;
    private final String who;

    private Visitor(Socket socket, BufferedReader lines, String who) {
        this.socket = socket;
        this.lines = lines;
        this.who = who;
    }

    static Visitor at(Socket socket) throws IOException {
        socket.setSoTimeout(Math.toIntExact(Program.PATIENCE.toMillis()));
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        String who = lines.readLine();
        if (who == null) {
            socket.close();
            throw new IOException("left before saying who it is");
        }
        return new Visitor(socket, lines, who);
    }

    /** What the handler said when it came. */
    public String who() {
        return who;
    }

    /** Lets the handler go on, with an answer. */
    public void release(String answer) {
        try (socket) {
            socket.getOutputStream().write((answer + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(who + " cannot be released, its process is gone", e);
        }
    }

    public void release() {
        release("go");
    }

    /** Waits until the process that stands here has ended. */
    public void awaitGone() {
        try (socket) {
            String more = lines.readLine();
            if (more != null) {
                throw new AssertionError(who + " is not gone but said " + more);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError(who + " still stands at the gate after " + Program.PATIENCE, e);
        } catch (SocketException e) {
            return; // reset: gone
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends it away: {@link Gate#pass} throws. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return who;
    }
}
