package dev.shunt.netty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 that comes in pieces, by table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above
 * U+10FFFF. Knows at the first wrong byte. Not safe for use by several threads.
 */
final class Utf8 {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NOT_ASCII = 0x8080808080808080L;

    /** How many bytes of the character are still to come, and where the next one must lie. */
    private int missing;

    private int lowest;
    private int highest;

    static boolean isValid(byte[] text) {
        var check = new Utf8();
        return check.accepts(text, 0, text.length) && check.isComplete();
    }

    /** The next piece, from an index to before another. */
    boolean accepts(byte[] piece, int from, int to) {
        int i = from;
        while (i < to) {
            if (missing == 0) {
                i = skipAscii(piece, i, to);
                if (i < to && !begins(piece[i++] & 0xff)) {
                    return false;
                }
            } else if (!continues(piece[i++] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    boolean isComplete() {
        return missing == 0;
    }

    private static int skipAscii(byte[] piece, int from, int to) {
        int i = from;
        while (i <= to - Long.BYTES && ((long) LONG.get(piece, i) & NOT_ASCII) == 0) {
            i += Long.BYTES;
        }
        while (i < to && piece[i] >= 0) {
            i++;
        }
        return i;
    }

    private boolean begins(int first) {
        return switch (first) {
            case 0xe0 -> expect(2, 0xa0, 0xbf);
            case 0xed -> expect(2, 0x80, 0x9f);
            case 0xf0 -> expect(3, 0x90, 0xbf);
            case 0xf4 -> expect(3, 0x80, 0x8f);
            default -> {
                if (first >= 0xc2 && first <= 0xdf) {
                    yield expect(1, 0x80, 0xbf);
                }
                if (first >= 0xe1 && first <= 0xef) {
                    yield expect(2, 0x80, 0xbf);
                }
                yield first >= 0xf1 && first <= 0xf3 && expect(3, 0x80, 0xbf);
            }
        };
    }

    private boolean continues(int next) {
        return next >= lowest && next <= highest && expect(missing - 1, 0x80, 0xbf);
    }

    private boolean expect(int more, int from, int to) {
        missing = more;
        lowest = from;
        highest = to;
        return true;
    }
}
