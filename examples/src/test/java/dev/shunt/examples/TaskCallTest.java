package dev.shunt.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskCallTest {

    @Test
    void parse_wholeLine_givesFunctionAndArguments() {
        var call = parsed("{\"function\":\"sleep\",\"args\":{\"seconds\":0.1,\"why\":\"a\"}}");

        assertThat(call.function()).isEqualTo("sleep");
        assertThat(call.number("seconds", 0, 1)).isEqualTo(0.1);
        assertThat(call.text("why")).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "{",
                "{\"function\":\"sleep\"} {}",
                "{\"function\":\"sleep\"}x",
                "\"\\x\""
            })
    void parse_noJson_saysMalformed(String line) {
        assertThatThrownBy(() -> parsed(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("malformed JSON: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "5", "[]", "{}", "{\"function\":5}", "{\"function\":null}"})
    void parse_noFunction_saysHowOneIsNamed(String line) {
        assertThatThrownBy(() -> parsed(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no function is named; send {\"function\":");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"function\":\"f\"}",
                "{\"function\":\"f\",\"args\":null}",
                "{\"function\":\"f\",\"args\":[\"to\"]}",
                "{\"function\":\"f\",\"args\":{\"to\":null,\"seconds\":\"1\"}}",
                "{\"function\":\"f\",\"args\":{\"to\":5,\"seconds\":-0.1}}",
                "{\"function\":\"f\",\"args\":{\"to\":{},\"seconds\":1e300}}"
            })
    void arguments_missingOrWrong_areNamed(String line) {
        var call = parsed(line);

        assertThatThrownBy(() -> call.text("to"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("f wants a text as \"to\" in args, not ");
        assertThatThrownBy(() -> call.number("seconds", 0, 60))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "f wants a number from 0 to 60 as \"seconds\" in args, not ");
    }

    private static TaskCall parsed(String line) {
        return TaskCall.parse(Data.of(line));
    }
}
