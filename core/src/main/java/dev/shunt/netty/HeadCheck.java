package dev.shunt.netty;

import io.netty.handler.codec.DecoderResult;

/**
 * Sees each byte of a request's head, and knows what two readers could understand in two ways though Netty's decoder takes
 * it: folded lines, a return alone, other control characters, tabs around a length or a coding, a first line with blanks or
 * letters of its own.
 */
final class HeadCheck {

    private static final byte DEL = 0x7f;

    /** {@code HTTP/} behind three bytes fewer. */
    private static final long PROTOCOL = 0x48_54_54_50_2fL;

    private static final int VERSION_BITS = 24;

    /** The last eight letters of {@code Transfer-Encoding} and of {@code Content-Length}, in lower case. */
    private static final long CODING = 0x65_6e_63_6f_64_69_6e_67L;

    private static final long LENGTH = 0x74_2d_6c_65_6e_67_74_68L;

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
    private int letters;
    private boolean lineBegins;
    private boolean afterReturn;
    private boolean wrong;
    private boolean wrongCoding;

    void reset() {
        line = Line.NONE;
        lastEight = 0;
        letters = 0;
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
                        : new IllegalArgumentException("a folded line or a control character in the head"));
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
        }
        lastEight = (lastEight << Byte.SIZE) | (b & 0xff);
        letters++;
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
        lastEight = (lastEight << Byte.SIZE) | b;
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
        letters = 0;
        afterReturn = false;
    }
}
