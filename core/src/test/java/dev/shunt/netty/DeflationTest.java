package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;

class DeflationTest {

    private static final byte[] EMPTY = {0};

    private final Deflation deflation = new Deflation();

    @Test
    void whatIsDeflated_inflatesToTheSame() throws DataFormatException {
        for (int length : new int[] {1_024, 4_096, 65_536, 3_000_000}) {
            byte[] message = "shunt, ".repeat(length / 7 + 1).getBytes(UTF_8);
            byte[] deflated = requireNonNull(deflation.deflate(message));

            assertThat(deflated.length).isLessThan(message.length / 10);
            assertThat(deflation.inflate(deflated, message.length)).isEqualTo(message);
            assertThat(deflation.inflate(deflated, message.length - 1)).isNull();
        }
    }

    @Test
    void shortOrRandom_isNotWorthIt() {
        var random = new byte[10_000];
        new Random(1).nextBytes(random);

        assertThat(deflation.deflate("x".repeat(500).getBytes(UTF_8))).isNull();
        assertThat(deflation.deflate(random)).isNull();
    }

    @Test
    void exampleOfTheRfc_inflates() throws DataFormatException {
        byte[] hello = {(byte) 0xf2, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00};
        byte[] asFinalBlock = {(byte) 0xf3, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00, 0x00};
        byte[] twoBlocks = {
            (byte) 0xf2,
            0x48,
            0x05,
            0x00,
            0x00,
            0x00,
            (byte) 0xff,
            (byte) 0xff,
            (byte) 0xca,
            (byte) 0xc9,
            (byte) 0xc9,
            0x07,
            0x00
        };
        for (byte[] form : new byte[][] {hello, asFinalBlock, twoBlocks}) {
            assertThat(deflation.inflate(form, 100)).isEqualTo("Hello".getBytes(UTF_8));
        }
        assertThat(deflation.inflate(new byte[] {0}, 100)).isEmpty();
    }

    @Test
    void brokenData_isRefusedAndTheNextMessageIsNot() throws DataFormatException {
        assertThatThrownBy(() -> deflation.inflate(new byte[] {7, 7, 7}, 100)).isInstanceOf(DataFormatException.class);
        byte[] deflated = requireNonNull(deflation.deflate(new byte[2_000]));
        assertThat(deflation.inflate(deflated, 2_000)).hasSize(2_000);
    }

    @Test
    void blocksBehindAFinalOne_areInflatedToo() throws DataFormatException {
        byte[] hello = {(byte) 0xf3, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00};
        byte[] twice = Arrays.copyOf(hello, 2 * hello.length + 1);
        System.arraycopy(hello, 0, twice, hello.length, hello.length);

        assertThat(deflation.inflate(twice, 100)).isEqualTo("HelloHello".getBytes(UTF_8));
        assertThat(deflation.inflate(hello, 100)).isEqualTo("Hello".getBytes(UTF_8));
        assertThat(deflation.inflate(twice, 9)).isNull();
    }

    @Test
    void whatIsCutOff_isNeverDelivered() {
        byte[] text = "what is cut off, wherever it is cut, is not what was sent, "
                .repeat(30)
                .getBytes(UTF_8);
        var random = new byte[400]; // goes into blocks that are not compressed
        new Random(2).nextBytes(random);
        for (byte[] message : new byte[][] {text, random}) {
            byte[] deflated = WebSocketBytes.deflated(message);
            for (int length = 0; length < deflated.length; length++) {
                byte[] cut = Arrays.copyOf(deflated, length);
                if (Arrays.equals(cut, EMPTY)) {
                    continue; // nobody can tell
                }
                assertThatThrownBy(() -> deflation.inflate(cut, 10_000))
                        .as("%d of %d bytes", length, deflated.length)
                        .isInstanceOf(DataFormatException.class);
            }
        }
    }
}
