package dev.shunt.netty;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The compressor of permessage-deflate (RFC 7692), one for all sockets of a loop: both sides forget a message when it ends
 * ("no context takeover"), so an idle connection keeps no window of 32 KiB and no compressor of 256 KiB. The price: many
 * small messages compress less well. Its loop's thread only.
 */
final class Deflation {

    /** A shorter message hardly gets smaller without those before it. */
    private static final int MIN_BYTES = 1 << 10;

    private static final int FIRST_BYTES = 4 << 10;

    /** Ends each compressed message and is not sent (RFC 7692, 7.2.1). */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final Inflater inflater = new Inflater(true);

    /** Null if it is not worth it. */
    byte @Nullable [] deflate(byte[] message) {
        if (message.length < MIN_BYTES) {
            return null;
        }
        deflater.reset();
        deflater.setInput(message);
        var deflated = new byte[message.length];
        int length = deflater.deflate(deflated, 0, deflated.length, Deflater.SYNC_FLUSH);
        return length == deflated.length ? null : Arrays.copyOf(deflated, length - TAIL.length);
    }

    /**
     * Stops as soon as there is too much, however much more would come.
     *
     * @return null if there are more than {@code maxBytes}
     */
    byte @Nullable [] inflate(byte[] deflated, int maxBytes) throws DataFormatException {
        inflater.reset();
        inflater.setInput(deflated);
        var message = new byte[Math.min(maxBytes, FIRST_BYTES)];
        int length = 0;
        boolean ending = false;
        while (true) {
            if (length == message.length) {
                message = Arrays.copyOf(message, (int) Math.min(maxBytes + 1L, message.length * 2L));
            }
            int more = inflater.inflate(message, length, message.length - length);
            length += more;
            if (length > maxBytes) {
                return null;
            }
            if (more == 0) {
                if (ending || inflater.finished()) {
                    return Arrays.copyOf(message, length);
                }
                inflater.setInput(TAIL);
                ending = true;
            }
        }
    }
}
