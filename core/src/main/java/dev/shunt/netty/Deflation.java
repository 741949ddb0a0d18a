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

    /** An empty final block: only if what was before it is whole, the inflater comes to its end here. */
    private static final byte[] END = {1, 0, 0, (byte) 0xff, (byte) 0xff};

    private static final int WINDOW_BYTES = 32 << 10;

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
     * Stops as soon as there is too much, however much more would come. Blocks behind a final one go on as any others
     * (RFC 7692, 7.2.3.4 and 7.2.3.5).
     *
     * @return null if there are more than {@code maxBytes}
     * @throws DataFormatException if it is not compressed data, or not all of it
     */
    byte @Nullable [] inflate(byte[] deflated, int maxBytes) throws DataFormatException {
        var inflated = new Inflated(inflater, maxBytes);
        inflater.reset();
        inflated.add(deflated, 0);
        while (inflater.finished() && inflater.getRemaining() > 0 && !inflated.isTooLong()) {
            inflated.goOn(deflated, deflated.length - inflater.getRemaining());
        }
        if (!inflated.isTooLong() && !inflater.finished()) {
            int length = inflated.length;
            inflated.add(TAIL, 0);
            inflated.add(END, 0);
            if (!inflater.finished() || inflater.getRemaining() > 0 || inflated.length != length) {
                throw new DataFormatException("it is cut off");
            }
        }
        return inflated.isTooLong() ? null : Arrays.copyOf(inflated.bytes, inflated.length);
    }

    /** What comes out of the inflater. */
    private static final class Inflated {

        private final Inflater inflater;
        private final int maxBytes;
        private byte[] bytes;
        private int length;

        Inflated(Inflater inflater, int maxBytes) {
            this.inflater = inflater;
            this.maxBytes = maxBytes;
            bytes = new byte[Math.min(maxBytes, FIRST_BYTES)];
        }

        boolean isTooLong() {
            return length > maxBytes;
        }

        void add(byte[] deflated, int from) throws DataFormatException {
            inflater.setInput(deflated, from, deflated.length - from);
            while (!isTooLong()) {
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes + 1L, Math.max(1, bytes.length * 2L)));
                }
                int more = inflater.inflate(bytes, length, bytes.length - length);
                if (more == 0) {
                    if (inflater.needsDictionary()) {
                        throw new DataFormatException("it wants a dictionary");
                    }
                    return;
                }
                length += more;
            }
        }

        /** Behind a final block, which ends a stream for the inflater: with the window of what came before. */
        void goOn(byte[] deflated, int from) throws DataFormatException {
            int window = Math.min(length, WINDOW_BYTES);
            inflater.reset();
            inflater.setDictionary(bytes, length - window, window);
            add(deflated, from);
        }
    }
}
