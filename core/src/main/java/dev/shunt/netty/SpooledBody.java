package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.log.Log;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;

/** The body of a request in a temporary file, which only its owner may read. The loop's thread only. */
final class SpooledBody {

    private static final Logger LOG = Log.of(SpooledBody.class);

    private final Path path;
    private final FileChannel file;

    /** @param begun what has come of it */
    SpooledBody(Spool spool, ByteBuffer begun) throws IOException {
        path = spool.create("shunt-body-");
        file = FileChannel.open(path, StandardOpenOption.WRITE);
        write(begun);
    }

    void add(ByteBuf bytes) throws IOException {
        write(bytes.nioBuffer());
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** It is whole. */
    byte[] name() throws IOException {
        file.close();
        return path.toString().getBytes(UTF_8);
    }

    void discard() {
        try {
            file.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("the body of a request stays in {}: {}", path, e.toString());
        }
    }
}
