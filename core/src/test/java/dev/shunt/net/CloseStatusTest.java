package dev.shunt.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.shunt.data.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseStatusTest {

    @ParameterizedTest
    @ValueSource(ints = {1000, 1003, 1007, 1014, 3000, 4999})
    void codeThatMayBeSent_isTheSameAgain(int code) {
        var status = CloseStatus.toSend(code, "wegen Überfüllung");

        assertThat(status.encoded()).hasSize(2 + "wegen Überfüllung".getBytes(UTF_8).length);
        assertThat(CloseStatus.decoded(Data.of(status.encoded()))).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 66_536})
    void codeThatMustNotBeSent_isRefused(int code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CloseStatus.toSend(code, ""))
                .withMessageContaining("code " + code)
                .withMessageContaining("3000 to 4999");
    }

    @Test
    void reason_isBoundedInBytes() {
        assertThat(CloseStatus.toSend(4000, "ü".repeat(61)).reason()).hasSize(61);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CloseStatus.toSend(4000, "ü".repeat(62)))
                .withMessageContaining("124 bytes");
    }

    @Test
    void none_isEmpty() {
        assertThat(CloseStatus.NONE.encoded()).isEmpty();
        assertThat(CloseStatus.decoded(Data.empty())).isEqualTo(CloseStatus.NONE);
    }
}
