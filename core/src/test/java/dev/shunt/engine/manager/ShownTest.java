package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShownTest {

    private record Card(String number) {}

    private record Order(String customer, Card card, List<Card> others) {}

    private static final Data ORDER = Data.of(new Order("ann", new Card("4711"), List.of(new Card("0815"))));

    private final Shown shown = new Shown((type, field) -> type.equals("order") && field.endsWith("number"));

    @Test
    void maskedField_isStars_howeverDeep_andOnlyOfItsType() {
        assertThat(shown.whole("order", ORDER))
                .isEqualTo(Map.of(
                        "customer",
                        "ann",
                        "card",
                        Map.of("number", "***"),
                        "others",
                        List.of(Map.of("number", "***"))));
        assertThat(String.valueOf(shown.whole("other", ORDER))).contains("4711");
    }

    @Test
    void whatIsMasked_isNotFound() {
        assertThat(shown.contains("order", ORDER, "ann")).isTrue();
        assertThat(shown.contains("order", ORDER, "4711")).isFalse();
    }

    @Test
    void text_isMaskedByTheEmptyPath() {
        assertThat(new Shown((_, field) -> field.isEmpty()).whole("", Data.of("secret")))
                .isEqualTo("***");
        assertThat(shown.whole("", Data.of("open"))).isEqualTo("open");
    }

    @Test
    void bytes_areSaidInNumber_andNeverFound() {
        var bytes = Data.of(new byte[] {65, 66});
        assertThat(shown.whole("", bytes)).isEqualTo(Map.of("bytes", 2));
        assertThat(shown.contains("", bytes, "AB")).isFalse();
    }

    @Test
    void longPayload_isCutInLists() {
        var brief = shown.brief("", Data.of("x".repeat(5000)));
        assertThat(brief.cut()).isTrue();
        assertThat(String.valueOf(brief.value())).hasSize(2048);
        assertThat(shown.brief("", Data.of("short")).cut()).isFalse();
    }
}
