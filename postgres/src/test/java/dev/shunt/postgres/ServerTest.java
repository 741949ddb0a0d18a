package dev.shunt.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://me:secret@h/db",
                "jdbc:postgresql://me:sec:ret@h:5432/db",
                "jdbc:postgresql://h:secret/db",
                "jdbc:postgresql://h,me:secret:5432/db",
                "postgresql://me:pass@h:secret/db"
            })
    void urlWhoseHostIsNone_isRefusedBeforeTheDriverLogsIt(String url) {
        assertThatThrownBy(() -> new Server(url, "node"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HOST:PORT")
                .hasMessageNotContaining("ret")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql:db",
                "jdbc:postgresql://h/db?user=a@b",
                "jdbc:postgresql://[::1]:5432,h2:1,h3/db",
                "jdbc:postgresql:///db",
                "postgresql://a:b@h1:1,h2:2/db"
            })
    void urlThatTheDriverReads_isTaken(String url) {
        assertThat(new Server(url, "node").toString()).startsWith("the database ");
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
