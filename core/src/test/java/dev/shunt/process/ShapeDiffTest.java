package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShapeDiffTest {

    @Test
    void showsWhatDiffers_withoutCommonBeginningAndEnd() {
        assertThat(ShapeDiff.of("a\nb\nc\nd", "a\nX\nc\nd")).isEqualTo("  manager: b\n  child:   X");
        assertThat(ShapeDiff.of("a\nd", "a\nb\nc\nd"))
                .isEqualTo("  manager: (nothing here)\n  child:   b\n  child:   c");
        assertThat(ShapeDiff.of("a\na", "a")).isEqualTo("  manager: a\n  child:   (nothing here)");
        assertThat(ShapeDiff.of("a", "")).isEqualTo("  manager: a\n  child:   (nothing here)");
    }
}
