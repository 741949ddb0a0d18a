package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What is said of a URL that cannot be used has no password in it. */
class ServerTest {

    @Test
    void urlThatTheDriverCannotRead_isSaidWithoutItsPassword() {
        var server = new Server("jdbc:postgresql://h:99999/db?user=u&password=secret", "node");
        assertThatThrownBy(() -> server.connect("writes"))
                .isInstanceOf(SQLException.class)
                .hasMessage("Unable to parse URL jdbc:postgresql://h:99999/db")
                .hasNoCause();
    }

    @Test
    void urlThatIsNone_isSaidWithoutItsPassword() {
        assertThatThrownBy(() -> new Server("postgresql://me:sec ret@h/db", "node"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at index 19")
                .hasMessageNotContaining("ret@")
                .hasNoCause();
    }
}
