package dev.shunt.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

final class EscapedTest {

    @Test
    void text_ofLettersOfAnyLanguage_isAsItIs() {
        assertThat(Escaped.text("Grüße, 世界 \\ 🙂 'x'")).isEqualTo("Grüße, 世界 \\ 🙂 'x'");
    }

    @Test
    void text_withWhatATerminalObeys_isOneLineWithoutIt() {
        assertThat(Escaped.text("a\r\n2026 ERROR b\t\u001b[31mc\u0000\u007f\u009b\u2028\u2029\u202e\u200bd"))
                .isEqualTo("a\\r\\n2026 ERROR b\\t\\u001b[31mc\\u0000\\u007f\\u009b\\u2028\\u2029\\u202e\\u200bd");
    }

    @Test
    void text_thatIsTooLong_isCut_andSaysHowLongItWas() {
        assertThat(Escaped.text("x".repeat(60_000_000)))
                .startsWith("xxx")
                .endsWith("x... (60000000 characters)")
                .hasSizeLessThan(Escaped.MAX_CHARS + 50);
    }

    @Test
    void stackTrace_keepsItsLines_andNoneOfItsMessages() {
        assertThat(Escaped.stackTrace("""
                java.lang.IllegalStateException: one
                two \u001b[31m

                \tat app.Main$1.lambda$run$0(Main.java:12)
                \tat java.base/java.lang.Thread.run(Thread.java:1474)
                Caused by: java.io.IOException: three
                2026-01-01 ERROR four
                \t... 3 more
                """)).isEqualTo("""
                java.lang.IllegalStateException: one\\ntwo \\u001b[31m
                \tat app.Main$1.lambda$run$0(Main.java:12)
                \tat java.base/java.lang.Thread.run(Thread.java:1474)
                Caused by: java.io.IOException: three\\n2026-01-01 ERROR four
                \t... 3 more""");
    }

    @Test
    void exception_withoutAnythingToEscape_isItself() {
        var plain = new IllegalStateException("plain", new RuntimeException("cause"));
        assertThat(EscapedException.of(plain)).isSameAs(plain);
    }

    @Test
    void exception_keepsItsStackAndCauses_butNoLineOfItsMessages() {
        var inner = new IllegalArgumentException("in\nner");
        inner.addSuppressed(new RuntimeException("sup\rpressed"));
        var outer = new IllegalStateException("outer", inner);
        inner.initCause(new RuntimeException("a circle", null));

        var escaped = Objects.requireNonNull(EscapedException.of(outer));

        assertThat(escaped).hasToString(outer.toString()).hasStackTraceContaining("in\\nner");
        assertThat(escaped.getStackTrace()).isEqualTo(outer.getStackTrace());
        assertThat(Objects.requireNonNull(escaped.getCause()).getSuppressed())
                .singleElement()
                .asString()
                .endsWith("sup\\rpressed");
    }
}
