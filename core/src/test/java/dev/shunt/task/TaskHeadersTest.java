package dev.shunt.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskHeadersTest {

    @Test
    void header_isAdded_orReplaced() {
        var options = TaskOptions.DEFAULT.header("a", "1").header("b", "2").header("a", "3");
        assertThat(options.headers()).isEqualTo(Map.of("a", "3", "b", "2"));
        assertThat(options.headersLength()).isEqualTo(4);
        assertThat(options)
                .isNotEqualTo(TaskOptions.DEFAULT)
                .isEqualTo(options.retries(1).retries(0));
        assertThat(TaskOptions.DEFAULT.headers()).isEmpty();
    }

    @Test
    void moreThanSixteen_orThan8192Characters_areRefused_withWhatToDo() {
        var full = TaskOptions.DEFAULT;
        for (int i = 0; i < TaskHeaders.MAX_COUNT; i++) {
            full = full.header("h" + i, "x");
        }
        var all = full;
        assertThatThrownBy(() -> all.header("one-more", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'one-more'")
                .hasMessageContaining("16")
                .hasMessageContaining("payload");
        assertThat(all.header("h1", "y").headers()).hasSize(16);
        assertThat(TaskOptions.DEFAULT.header("h", "x".repeat(8191)).headersLength())
                .isEqualTo(8192);
        assertThatThrownBy(() -> TaskOptions.DEFAULT.header("h", "x".repeat(8192)))
                .hasMessageContaining("'h'")
                .hasMessageContaining("8193")
                .hasMessageContaining("8192");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "\u0000"})
    void nameThatIsNone_isRefused(String name) {
        assertThatThrownBy(() -> TaskOptions.DEFAULT.header(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 100 characters");
    }
}
