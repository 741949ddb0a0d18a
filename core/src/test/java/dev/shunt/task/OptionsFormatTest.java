package dev.shunt.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.shunt.task.Unique.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsFormatTest {

    private static final TaskOptions NONE = TaskOptions.DEFAULT;

    /** Texts that stand in files: they are read for ever, so they are never changed here. */
    static Stream<Arguments> written() {
        return Stream.of(
                argumentSet("retries", NONE.retries(5), "{\"retries\":5}"),
                argumentSet("backoff", NONE.backoff(Duration.ofNanos(1)), "{\"backoff\":\"PT0.000000001S\"}"),
                argumentSet("priority", NONE.priority(Priority.URGENT), "{\"priority\":\"URGENT\"}"),
                argumentSet("delay", NONE.delay(Duration.ofDays(400)), "{\"delay\":\"PT9600H\"}"),
                argumentSet(
                        "at",
                        NONE.at(Instant.parse("2030-01-01T00:00:00.1Z")),
                        "{\"at\":\"2030-01-01T00:00:00.100Z\"}"),
                argumentSet("deadline", NONE.deadline(Duration.ofMillis(5)), "{\"deadline\":\"PT0.005S\"}"),
                argumentSet("timeout", NONE.timeout(Duration.ofSeconds(7, 8)), "{\"timeout\":\"PT7.000000008S\"}"),
                argumentSet(
                        "unique",
                        NONE.uniqueKey("grün\"", Policy.JOIN),
                        "{\"uniqueKey\":\"grün\\\"\",\"uniquePolicy\":\"JOIN\"}"),
                argumentSet("orderingKey", NONE.orderingKey(""), "{\"orderingKey\":\"\"}"),
                argumentSet("slot", NONE.slot(3), "{\"slot\":3}"),
                argumentSet(
                        "headers",
                        NONE.header("traceparent", "00-1").header("b", ""),
                        "{\"headers\":{\"traceparent\":\"00-1\",\"b\":\"\"}}"),
                argumentSet(
                        "several",
                        NONE.retries(1).orderingKey("k").timeout(Duration.ofSeconds(Long.MAX_VALUE)),
                        "{\"retries\":1,\"timeout\":\"PT2562047788015215H30M7S\",\"orderingKey\":\"k\"}"));
    }

    @ParameterizedTest
    @MethodSource("written")
    void options_areWrittenAsEver_andReadAgain(TaskOptions options, String text) {
        assertThat(OptionsFormat.write(options)).isEqualTo(text);
        assertThat(OptionsFormat.read(text)).isEqualTo(options);
    }

    @Test
    void defaults_needNoText() {
        assertThat(OptionsFormat.write(NONE)).isNull();
        assertThat(OptionsFormat.write(NONE.retries(1).retries(0))).isNull();
        assertThat(OptionsFormat.read(null)).isEqualTo(NONE);
    }

    @Test
    void optionOfANewerVersion_isNamed() {
        assertThatThrownBy(() -> OptionsFormat.read("{\"retries\":1,\"moonPhase\":\"full\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("option 'moonPhase' is not known")
                .hasMessageContaining("newer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "7",
                "{\"retries\":",
                "{\"retries\":\"many\"}",
                "{\"deadline\":\"soon\"}",
                "{\"headers\":7}"
            })
    void textThatMakesNoSense_isRefused(String text) {
        assertThatThrownBy(() -> OptionsFormat.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its options cannot be read: " + text);
    }
}
