package dev.shunt.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.IntStream;

/** Lines to and from a server on this machine, in UTF-8. Reads wait for {@link Program#PATIENCE} at most and then fail. */
public final class LineClient implements AutoCloseable {

    private final RawClient raw;

    public LineClient(int port) {
        this(new RawClient(port));
    }

    LineClient(RawClient raw) {
        this.raw = raw;
    }

    public LineClient send(String line) {
        raw.send((line + "\n").getBytes(UTF_8));
        return this;
    }

    /** The next line, without its end. Fails if the server closes instead. */
    public String read() {
        var line = new ByteArrayOutputStream();
        for (int next = raw.read(); next != '\n'; next = raw.read()) {
            if (next < 0) {
                throw new AssertionError("closed by the server after '" + line.toString(UTF_8) + "'");
            }
            line.write(next);
        }
        return line.toString(UTF_8);
    }

    public List<String> read(int lines) {
        return IntStream.range(0, lines).mapToObj(_ -> read()).toList();
    }

    /** Sends a line and reads one. */
    public String ask(String line) {
        return send(line).read();
    }

    /** Waits until the server closes; returns what came before. */
    public String awaitClose() {
        return new String(raw.awaitClose(), UTF_8);
    }

    public RawClient raw() {
        return raw;
    }

    @Override
    public void close() {
        raw.close();
    }
}
