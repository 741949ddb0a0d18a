package dev.shunt.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsStandBelowEachOther_numbersToTheRight() {
        var table = new Table("name", "count", "share").row("a", 5, 0.25).row("longer", 12_345, 10.0);
        assertThat(table.text(0)).isEqualTo("""
                NAME    COUNT  SHARE
                a           5    0.3
                longer  12345   10.0
                """);
    }

    @Test
    void widestColumnsAreCut_untilLinesFit() {
        var table = new Table("id", "payload", "error").row(7, "x".repeat(100), "y".repeat(40));
        assertThat(table.text(40).lines()).allMatch(line -> line.length() <= 40).anyMatch(line -> line.contains("x…"));
        assertThat(table.text(0)).contains("x".repeat(100));
        assertThat(table.text(5)).as("narrower than can be").contains("xxx…");
    }

    @Test
    void whatOthersWrote_movesNoCursor() {
        assertThat(new Table("payload").row("\033[2Jgone\nnext").text(0)).isEqualTo("PAYLOAD\n\\u001b[2Jgone\\nnext\n");
    }

    @Test
    void rowOfAnotherLength_isRefused() {
        assertThatThrownBy(() -> new Table("a", "b").row(1)).hasMessageContaining("1 cells for 2 columns");
    }
}
