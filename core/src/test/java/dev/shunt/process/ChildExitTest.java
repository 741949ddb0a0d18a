package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChildExitTest {

    @Test
    void describe() {
        assertThat(ChildExit.describe(0, 1)).isEqualTo("exit code 0");
        assertThat(ChildExit.describe(1, 1)).isEqualTo("exit code 1");
        assertThat(ChildExit.describe(3, 1)).isEqualTo("exit code 3: after an OutOfMemoryError, or its own");
        assertThat(ChildExit.describe(137, 1)).isEqualTo("killed by signal 9 (SIGKILL)");
        assertThat(ChildExit.describe(134, 77)).contains("SIGABRT", "hs_err_pid77.log");
        assertThat(ChildExit.describe(255, 1)).isEqualTo("exit code 255");
    }
}
