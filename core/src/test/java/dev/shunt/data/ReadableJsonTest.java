package dev.shunt.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadableJsonTest {

    private record Seen(long taskId, @Nullable String note, Instant since) {}

    private static final Instant TIME = Instant.parse("2026-11-28T15:57:30.123Z");

    private static String json(Object value) {
        return new String(Codec.readableJson().encode(value), StandardCharsets.UTF_8);
    }

    @Test
    void namesAreInSnakeCase_nullsLeftOut_timesIso() {
        assertThat(json(new Seen(5, null, TIME))).isEqualTo("{\"task_id\":5,\"since\":\"2026-11-28T15:57:30.123Z\"}");
    }

    @Test
    void numberThatJavaScriptWouldRound_isText_andDecodesExactly() {
        long exact = (1L << 53) - 1;
        assertThat(json(exact)).isEqualTo("9007199254740991");
        var large = new Seen(exact + 2, "x", TIME);
        assertThat(json(large)).contains("\"task_id\":\"9007199254740993\"");
        assertThat(Codec.readableJson().decode(Codec.readableJson().encode(large), Seen.class))
                .isEqualTo(large);
    }
}
