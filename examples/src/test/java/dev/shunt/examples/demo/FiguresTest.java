package dev.shunt.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Codec;
import org.junit.jupiter.api.Test;

final class FiguresTest {

    private static final Figures.OfWay GOOD =
            new Figures.OfWay(1_000, 0, 2.5, new Figures.Ping(80, 1_200, 1_234_567));

    @Test
    void json_hasTheKeysThatReadersRelyOn() {
        var json = new String(Codec.json().encode(new Figures(1_000, GOOD, GOOD)), UTF_8);

        String way =
                """
                {"delivered":1000,"duplicates":0,"seconds":2.5,"ping":{"p50_us":80,"p99_us":1200,"max_us":1234567}}\
                """;
        assertThat(json).isEqualTo("{\"users\":1000,\"inline\":" + way + ",\"tasks\":" + way + "}");
    }

    @Test
    void table_hasARowForEachWay() {
        assertThat(new Figures(1_000, GOOD, GOOD).table())
                .isEqualTo(
                        """
                                          delivered  duplicates  seconds  ping p50 (ms)  ping p99 (ms)  ping max (ms)
                        inside onReceive      1,000           0     2.50           0.08           1.20       1,234.57
                        through task()        1,000           0     2.50           0.08           1.20       1,234.57\
                        """);
    }

    @Test
    void exactlyOnce_lostOrSentTwice_isNot() {
        var lost = new Figures.OfWay(999, 0, 2.5, GOOD.ping());
        var twice = new Figures.OfWay(1_000, 1, 2.5, GOOD.ping());

        assertThat(new Figures(1_000, GOOD, GOOD).exactlyOnce()).isTrue();
        assertThat(new Figures(1_000, GOOD, lost).exactlyOnce()).isFalse();
        assertThat(new Figures(1_000, twice, GOOD).exactlyOnce()).isFalse();
    }
}
