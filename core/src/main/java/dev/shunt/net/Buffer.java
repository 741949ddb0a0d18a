package dev.shunt.net;

/**
 * What a connection has received and no message has used yet, as {@link Protocol#input} sees it. Read only; valid during
 * that call only. Indexes count from the first unused byte and throw {@link IndexOutOfBoundsException} beyond the last.
 */
public interface Buffer {

    int length();

    byte get(int index);

    /** The four bytes at {@code index}, big endian. */
    int getInt(int index);

    /**
     * Where {@code value} first stands, or -1. Remembers how far it looked: asking again after more bytes came does not
     * read the old ones again, so a line that trickles in costs no more than one that comes whole.
     */
    int indexOf(byte value);

    /** As {@link #indexOf(byte)}, for several bytes in a row; at least one. */
    default int indexOf(byte[] value) {
        for (int i = 0; i <= length() - value.length; i++) {
            int same = 0;
            while (same < value.length && get(i + same) == value[same]) {
                same++;
            }
            if (same == value.length) {
                return i;
            }
        }
        return -1;
    }
}
