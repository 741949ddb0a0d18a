package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChildOptionsTest {

    @Test
    void without_areTheDefaults() {
        assertThat(with(List.of())).containsAll(ChildOptions.DEFAULTS).endsWith("-Xmx512m");
    }

    @Test
    void otherCollector_replacesTheDefault_becauseTwoAreAnError() {
        assertThat(with(List.of("-XX:+UseZGC")))
                .contains("-XX:+UseZGC", "-Xmx512m")
                .doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void shareOfMemory_replacesTheMaximumHeap_whichWouldWin() {
        assertThat(with(List.of("-XX:MaxRAMPercentage=20"))).doesNotContain("-Xmx512m");
        assertThat(with(List.of("-Xmx2g"))).contains("-Xmx2g").doesNotContain("-Xmx512m");
    }

    @Test
    void smallHeap_startsSmaller() {
        for (var small : List.of("-Xmx16m", "-Xmx31M", "-Xmx8m", "-Xmx20000k", "-Xmx9999999")) {
            assertThat(with(List.of(small))).as(small).noneMatch(option -> option.startsWith("-Xms"));
        }
        for (var large : List.of("-Xmx32m", "-Xmx100m", "-Xmx1g")) {
            assertThat(with(List.of(large))).contains("-Xms32m", large);
        }
    }

    @Test
    void otherOptions_comeLast() {
        assertThat(with(List.of("-Da=1", "-Xss4m"))).endsWith("-Da=1", "-Xss4m");
    }

    private static List<String> with(List<String> groupOptions) {
        return ChildOptions.with(groupOptions, 512 << 20);
    }
}
