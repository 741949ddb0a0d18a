package dev.shunt.netty;

import io.netty.handler.codec.DecoderResult;

/**
 * Sees each byte of a request's head, and knows what two readers could understand in two ways though Netty's decoder takes
 * it: folded lines, a return alone, other control characters, tabs around a length or a coding, two lengths in HTTP/1.0, a first
 * line with blanks or letters of its own.
 */
final class HeadCheck {

    private static final byte DEL = 0x7f;

    /** {@code HTTP/} behind three bytes fewer. */
    private static final long PROTOCOL = 0x48_54_54_50_2fL;

    private static final int VERSION_BITS = 24;

    /** The last eight letters of {@code Transfer-Encoding} and of {@code Content-Length}, in lower case. */
    private static final long CODING = 0x65_6e_63_6f_64_69_6e_67L;

    private static final long LENGTH = 0x74_2d_6c_65_6e_67_74_68L;

    /** And the six before them. */
    private static final long CONTENT = 0x63_6f_6e_74_65_6eL;

    private static final int CODING_LETTERS = 17;
    private static final int LENGTH_LETTERS = 14;
    private static final long LOWER_CASE = 0x20_20_20_20_20_20_20_20L;

    private enum Line {
        NONE,
        FIRST,
        NAME,
        VALUE,
        LENGTH,
        CODING
    }

    private Line line = Line.NONE;
    private long lastEight;
    private long before;
    private int letters;
    private int lengths;
    private boolean lineBegins;
    private boolean afterReturn;
    private boolean wrong;
    private boolean wrongCoding;

    void reset() {
        line = Line.NONE;
        lastEight = 0;
        before = 0;
        letters = 0;
        lengths = 0;
        lineBegins = false;
        afterReturn = false;
        wrong = false;
        wrongCoding = false;
    }

    boolean isWrong() {
        return wrong || wrongCoding;
    }

    /** Of a coding that only looks as if it were known, {@code UnsupportedOperationException}. */
    DecoderResult failure() {
        return DecoderResult.failure(
                wrongCoding
                        ? new UnsupportedOperationException("a control character in Transfer-Encoding")
                        : new IllegalArgumentException(
                                "a folded line, a control character or two lengths in the head"));
    }

    /** The next ones. */
    void see(byte[] bytes) {
        for (byte b : bytes) {
            if (afterReturn && b != '\n') {
                wrong = true;
            }
            if ((b > ' ' && b != DEL) || b < 0) {
                visible(b);
            } else {
                invisible(b);
            }
        }
    }

    private void visible(byte b) {
        afterReturn = false;
        lineBegins = false;
        if (line == Line.NONE) {
            line = Line.FIRST;
        } else if (b == ':' && line == Line.NAME) {
            line = lineOf(lastEight | LOWER_CASE);
            lengths += line == Line.LENGTH && (before | (LOWER_CASE >>> (2 * Byte.SIZE))) == CONTENT ? 1 : 0;
            wrong |= lengths > 1;
        }
        shift(b);
    }

    private Line lineOf(long name) {
        if (name == CODING && letters == CODING_LETTERS) {
            return Line.CODING;
        }
        return name == LENGTH && letters == LENGTH_LETTERS ? Line.LENGTH : Line.VALUE;
    }

    private void invisible(byte b) {
        if (b == '\n') {
            lineEnds();
            return;
        }
        afterReturn = b == '\r';
        if (afterReturn) {
            return;
        }
        if (line == Line.CODING) {
            wrongCoding |= b != ' ';
        } else {
            wrong |= lineBegins || line == Line.NONE || (b != ' ' && (b != '\t' || tabsAreWrong()));
        }
        lineBegins = false;
        shift(b);
    }

    private void shift(byte b) {
        before = (before << Byte.SIZE) | (lastEight >>> (Long.SIZE - Byte.SIZE));
        lastEight = (lastEight << Byte.SIZE) | (b & 0xff);
        letters++;
    }

    private boolean tabsAreWrong() {
        return line == Line.FIRST || line == Line.LENGTH;
    }

    private void lineEnds() {
        if (line == Line.FIRST) {
            wrong |= lastEight >>> VERSION_BITS != PROTOCOL;
        }
        if (line != Line.NONE) { // else it is an empty one in front of a request
            line = Line.NAME;
            lineBegins = true;
        }
        lastEight = 0;
        before = 0;
        letters = 0;
        afterReturn = false;
    }
}
