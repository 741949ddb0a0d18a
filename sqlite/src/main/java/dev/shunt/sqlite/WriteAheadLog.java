package dev.shunt.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks through {@code FILE-wal} as SQLite is going to: that reads up to the first frame whose checksum is wrong, and takes
 * this for the end. At the end nothing follows; in the middle of what was committed it would be lost without a word. The
 * format is that of <a href="https://www.sqlite.org/fileformat2.html#walformat">sqlite.org</a>.
 */
final class WriteAheadLog {

    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int MAGIC = 0x377f0682; // with the last bit set, checksums are of big-endian words
    private static final int MAX_PAGE = 65_536;

    private final FileChannel channel;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER);
    private ByteOrder order = ByteOrder.BIG_ENDIAN;
    private int first;
    private int second;

    private WriteAheadLog(FileChannel channel) {
        this.channel = channel;
    }

    /** What is wrong with it, if anything is; nothing of an end that is missing. */
    static Optional<String> damage(Path path) throws IOException {
        try (var channel = FileChannel.open(path)) {
            return new WriteAheadLog(channel).damage();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Optional<String> damage() throws IOException {
        if (channel.size() <= HEADER || !read(header, 0)) {
            return Optional.empty();
        }
        int magic = header.getInt(0);
        int page = header.getInt(8);
        order = (magic & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        add(header, 24);
        boolean isWhole = (magic & ~1) == MAGIC
                && page >= 512
                && page <= MAX_PAGE
                && Integer.bitCount(page) == 1
                && header.getInt(24) == first
                && header.getInt(28) == second;
        return isWhole
                ? damage(page)
                : Optional.of("the beginning of the write-ahead log is damaged, so that nothing of its "
                        + (channel.size() - HEADER) + " bytes can be used");
    }

    /** Looks for frames of this log behind its first bad one. */
    private Optional<String> damage(int page) throws IOException {
        var frame = ByteBuffer.allocate(FRAME_HEADER + page);
        long frames = (channel.size() - HEADER) / frame.capacity();
        long good = 0;
        while (good < frames && read(frame, HEADER + good * frame.capacity()) && isNext(frame)) {
            if (!isOfThisLog(frame)) {
                return Optional.of(bad(good, frames - good));
            }
            good++;
        }
        long behind = 0;
        for (long number = good; number < frames; number++) {
            if (read(frame, HEADER + number * frame.capacity()) && isOfThisLog(frame)) {
                behind++;
            }
        }
        return behind == 0 ? Optional.empty() : Optional.of(bad(good, behind));
    }

    private static String bad(long good, long behind) {
        return "the write-ahead log is damaged after " + good + " pages, so that " + behind
                + " that were written later are not used: tasks accepted with them are missing, and what ended with them runs"
                + " again, unless the last of them were never confirmed, as at a loss of power";
    }

    private boolean isOfThisLog(ByteBuffer frame) {
        return frame.getLong(8) == header.getLong(16); // older frames have other numbers
    }

    private boolean isNext(ByteBuffer frame) {
        add(frame, 8);
        addFrom(frame, FRAME_HEADER, frame.capacity());
        return frame.getInt(16) == first && frame.getInt(20) == second;
    }

    private void add(ByteBuffer bytes, int count) {
        addFrom(bytes, 0, count);
    }

    private void addFrom(ByteBuffer bytes, int from, int to) {
        bytes.order(order);
        for (int at = from; at < to; at += 8) {
            first += bytes.getInt(at) + second;
            second += bytes.getInt(at + 4) + first;
        }
        bytes.order(ByteOrder.BIG_ENDIAN);
    }

    private boolean read(ByteBuffer into, long position) throws IOException {
        into.clear();
        while (into.hasRemaining()) {
            if (channel.read(into, position + into.position()) < 0) {
                return false;
            }
        }
        return true;
    }
}
