package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChildOptionsTest {

    @Test
    void without_areTheDefaults() {
        assertThat(ChildOptions.with(List.of())).isEqualTo(ChildOptions.DEFAULTS);
    }

    @Test
    void otherCollector_replacesTheDefault_becauseTwoAreAnError() {
        assertThat(ChildOptions.with(List.of("-XX:+UseZGC")))
                .contains("-XX:+UseZGC", "-Xmx512m")
                .doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void shareOfMemory_replacesTheMaximumHeap_whichWouldWin() {
        assertThat(ChildOptions.with(List.of("-XX:MaxRAMPercentage=20"))).doesNotContain("-Xmx512m");
        assertThat(ChildOptions.with(List.of("-Xmx2g"))).contains("-Xmx2g").doesNotContain("-Xmx512m");
    }

    @Test
    void otherOptions_comeLast() {
        assertThat(ChildOptions.with(List.of("-Da=1", "-Xss4m"))).endsWith("-Da=1", "-Xss4m");
    }
}
