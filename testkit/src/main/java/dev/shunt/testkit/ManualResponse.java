package dev.shunt.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.http.FileBody;
import dev.shunt.http.HttpField;
import dev.shunt.http.HttpPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a program has answered to a request so far; it grows while the engine runs. Headers are those of the program: what
 * its server would add, such as {@code Date} and the length, is not there. Not safe for use by several threads.
 */
public final class ManualResponse {

    private final ManualRequest request;
    private final List<HttpField> fields = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;
    private boolean complete;

    ManualResponse(ManualRequest request) {
        this.request = request;
    }

    /** True as soon as the program has begun to answer. */
    public boolean hasBegun() {
        return status != 0;
    }

    /** True when the program has answered whole. */
    public boolean isComplete() {
        return complete;
    }

    /** @throws IllegalStateException if the program has not begun to answer */
    public int status() {
        if (!hasBegun()) {
            throw new IllegalStateException(
                    request + " has no answer yet; run the engine: runDue(), or runNext() if it waits for the clock");
        }
        return status;
    }

    /** The first of that name, in any case; of a trailer as well. */
    public Optional<String> header(String name) {
        return headers().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(HttpField::value)
                .findFirst();
    }

    /** In their order, behind them trailers. */
    public List<HttpField> headers() {
        return List.copyOf(fields);
    }

    /** What there is of the body, decompressed by nobody. */
    public byte[] bytes() {
        return body.toByteArray();
    }

    public String text() {
        return body.toString(UTF_8);
    }

    /** The body, which is JSON. */
    public <T> T json(Class<T> type) {
        return Data.received(Data.Kind.TEXT, bytes(), Codec.json()).as(type);
    }

    void add(HttpPart part) {
        if (part.is(HttpPart.FIRST)) {
            status = part.status();
        }
        int reason = part.reasonBytes();
        lines(new String(part.head(), reason, part.head().length - reason, ISO_8859_1));
        if (!request.isHead()) {
            add(part.is(HttpPart.FILE) ? read(FileBody.of(part)) : part.body());
        }
        complete = part.is(HttpPart.LAST);
    }

    private void lines(String head) {
        head.lines().filter(line -> line.contains(":")).forEach(line -> {
            int colon = line.indexOf(':');
            fields.add(new HttpField(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        });
    }

    private void add(byte[] bytes) {
        body.write(bytes, 0, bytes.length);
    }

    private static byte[] read(FileBody file) {
        try (var channel = FileChannel.open(Path.of(file.path()))) {
            var bytes = new ByteArrayOutputStream();
            for (var piece : file.pieces()) {
                bytes.writeBytes(piece.before().getBytes(UTF_8));
                var in = Channels.newInputStream(channel.position(piece.offset()));
                bytes.writeBytes(in.readNBytes(Math.toIntExact(piece.length())));
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("the file that is the answer cannot be read", e);
        }
    }

    @Override
    public String toString() {
        return hasBegun() ? status + " " + text() : "no answer to " + request;
    }
}
