package dev.shunt.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.command.Words.Verb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

    private static Words words(String line) {
        return Words.of(List.of(line.split(" "))).orElseThrow();
    }

    @Test
    void wordThenItsOptions_thenTheProgramsOwn() {
        assertThat(words("start -d --log out.txt --host h -d --port 1"))
                .isEqualTo(new Words(
                        Verb.START,
                        true,
                        false,
                        false,
                        Optional.empty(),
                        Optional.of(Path.of("out.txt")),
                        false,
                        List.of("--host", "h", "-d", "--port", "1")));
        assertThat(words("stop -g --timeout 1.5"))
                .isEqualTo(new Words(
                        Verb.STOP,
                        false,
                        true,
                        false,
                        Optional.of(Duration.ofMillis(1_500)),
                        Optional.empty(),
                        false,
                        List.of()));
        assertThat(words("restart -g -d").detached()).isTrue();
        assertThat(words("start --watch --port 1").watch()).isTrue();
        assertThat(words("stop --watch").own()).containsExactly("--watch");
        assertThat(words("status -d").again()).isTrue();
        assertThat(words("status -d").detached()).isFalse();
        assertThat(words("reload -g").graceful()).isTrue();
    }

    /** So a program may have options of the same name. */
    @Test
    void optionOfAnotherWord_isTheProgramsOwn() {
        assertThat(words("start --timeout 5").own()).containsExactly("--timeout", "5");
        assertThat(words("start --log x").own()).containsExactly("--log", "x");
        assertThat(words("connections -d").own()).containsExactly("-d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port 1 start", "START", "begin", "-d start"})
    void noWordAtTheBeginning_allIsTheProgramsOwn(String line) {
        var args = List.of(line.split(" "));
        assertThat(Words.of(args)).isEmpty();
        assertThat(Words.ownOf(args)).isEqualTo(args);
        assertThat(Words.of(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stop --timeout",
                "stop --timeout soon",
                "stop --timeout 0",
                "reload --timeout -1",
                "start -d --log"
            })
    void optionWithoutSense_isNamed(String line) {
        assertThatThrownBy(() -> words(line))
                .isInstanceOf(Words.WrongUse.class)
                .hasMessageContaining(line.contains("--log") ? "--log" : "--timeout");
    }
}
