package dev.shunt.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataTest {

    record Mail(String to, int copies) {}

    /** Refers to itself, which JSON cannot say. */
    static final class Loop {
        public Loop getSelf() {
            return this;
        }
    }

    @Test
    void concatenated_isItsText() {
        assertThat(Data.of("grüß") + " -> OK").isEqualTo("grüß -> OK");
        assertThat(Data.of("grüß".getBytes(UTF_8)) + " -> OK").isEqualTo("grüß -> OK");
        assertThat(Data.of(new Mail("a", 1)) + "").isEqualTo("{\"to\":\"a\",\"copies\":1}");
        assertThat(Data.of(null) + "").isEmpty();
    }

    @Test
    void bytesAndText_travelRaw() {
        byte[] raw = {0, -1, 127};
        assertThat(Data.of(raw).bytes()).isSameAs(raw);
        assertThat(Data.of("é").bytes()).isEqualTo("é".getBytes(UTF_8));
        assertThat(Data.of("é").kind()).isEqualTo(Data.Kind.TEXT);
    }

    @Test
    void object_travelsAsBytes_andComesBackAsTheTypeAskedFor() {
        var arrived = Data.received(Data.Kind.OBJECT, Data.of(new Mail("a", 2)).bytes(), Codec.json());

        assertThat(arrived.as(Mail.class)).isEqualTo(new Mail("a", 2));
        assertThat(arrived.as(String.class)).isEqualTo("{\"to\":\"a\",\"copies\":2}");
        assertThat(arrived.as(Data.class)).isSameAs(arrived);
    }

    @Test
    void object_inTheSameProcess_isNotCopied() {
        var mail = new Mail("a", 2);
        assertThat(Data.of(mail).as(Mail.class)).isSameAs(mail);
        assertThat(Data.of(mail).encoded().as(Mail.class)).isNotSameAs(mail).isEqualTo(mail);
    }

    @Test
    void listOfObjects_comesBackAsWhatItIsAListOf() {
        var mails = List.of(new Mail("a", 2), new Mail("b", 1));
        var byName = Map.of("first", mails);

        assertThat(Data.of(mails).as(new TypeRef<List<Mail>>() {})).isEqualTo(mails);
        assertThat(Data.of(byName).encoded().as(new TypeRef<Map<String, List<Mail>>>() {}))
                .isEqualTo(byName);
        assertThatThrownBy(() -> Data.of("no json").as(new TypeRef<List<Mail>>() {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.util.List<" + Mail.class.getName() + ">");
    }

    @Test
    @SuppressWarnings("rawtypes") // what must not be done
    void typeWithoutItsArguments_isRefused() {
        assertThatThrownBy(() -> new TypeRef() {}).hasMessageContaining("new TypeRef<List<User>>() {}");
    }

    @Test
    void what_cannotBeDecoded_namesTheType() {
        assertThatThrownBy(() -> Data.of("no json").as(Mail.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Mail.class.getName());
    }

    @Test
    void what_cannotBeEncoded_namesTheType() {
        assertThatThrownBy(() -> Data.of(new Loop()).bytes())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Loop.class.getName());
        assertThatThrownBy(() -> Data.of(OutputStream.nullOutputStream()).encoded())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void emptiness() {
        assertThat(Data.empty().isEmpty()).isTrue();
        assertThat(Data.of("").isEmpty()).isTrue();
        assertThat(Data.of(new byte[0]).isEmpty()).isTrue();
        assertThat(Data.of("a").isEmpty()).isFalse();
    }
}
