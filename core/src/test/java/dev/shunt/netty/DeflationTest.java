package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DeflationTest {

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
            (byte) 0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, (byte) 0xff, (byte) 0xff, (byte) 0xca, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00
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
}
