package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

    @Test
    void everyCharacter_isValid() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            boolean isCharacter = c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE;
            if (isCharacter && !Utf8.isValid(Character.toString(c).getBytes(UTF_8))) {
                fail("U+%x", c);
            }
        }
    }

    @Test
    void everySequenceOfThreeBytes_isJudgedAsByTheJdk() {
        var bytes = new byte[3];
        for (int first = 0x70; first <= 0xff; first++) {
            for (int second = 0x70; second <= 0xff; second++) {
                for (int third = 0x7e; third <= 0xc3; third++) {
                    bytes[0] = (byte) first;
                    bytes[1] = (byte) second;
                    bytes[2] = (byte) third;
                    if (Utf8.isValid(bytes) != isValidForTheJdk(bytes)) {
                        fail(Arrays.toString(bytes));
                    }
                }
            }
        }
    }

    @Test
    void randomPieces_areJudgedAsTheWhole() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] text = random.ints(random.nextInt(30), 0, 0x10ffff)
                    .map(c -> c % 3 == 0 ? c % 0x80 : c)
                    .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString()
                    .getBytes(UTF_8);
            if (text.length > 0 && random.nextBoolean()) {
                text[random.nextInt(text.length)] = (byte) random.nextInt();
            }
            int split = random.nextInt(text.length + 1);
            var check = new Utf8();
            boolean valid =
                    check.accepts(text, 0, split) && check.accepts(text, split, text.length) && check.isComplete();

            assertThat(valid).as("seed %d: %s", seed, Arrays.toString(text)).isEqualTo(isValidForTheJdk(text));
        }
    }

    @Test
    void firstWrongByte_isKnownAtOnce() {
        assertThat(new Utf8().accepts(new byte[] {(byte) 0xf4, (byte) 0x90}, 0, 2))
                .isFalse();
        assertThat(new Utf8().accepts(new byte[] {(byte) 0xf4, (byte) 0x8f}, 0, 2))
                .isTrue();
    }

    private static boolean isValidForTheJdk(byte[] bytes) {
        // Without the exception that decode(ByteBuffer) makes of an error: a million of them take half a minute.
        return !UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(bytes), CharBuffer.allocate(bytes.length), true)
                .isError();
    }
}
